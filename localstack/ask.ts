import { TransientError } from '#core/errors.ts';
import { endpointOf, REGION } from './environment.ts';

/** How LocalStack learns which service is meant; it does not look at the signature. */
const authorization = (service: string) =>
    `AWS4-HMAC-SHA256 Credential=test/20260101/${REGION}/${service}/aws4_request, SignedHeaders=host, Signature=none`;

/** One request to a service of LocalStack that this project has no SDK client for. */
export interface Question {
    readonly service: string;
    /** Of services that speak JSON: `AWSEvents.ListRules`. */
    readonly target?: string;
    /** Of services that speak forms: `ListRoles`. */
    readonly action?: string;
    /** Of services that speak paths: `/2015-03-31/functions`. */
    readonly path?: string;
    readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
    /** Fields of JSON or of a form; a text is sent as it is. */
    readonly body?: Readonly<Record<string, unknown>> | string;
}

/** Asks LocalStack and returns the answer's text, JSON or XML. Throws TransientError for an answer that is an error. */
export async function askLocalStack(port: number, question: Question): Promise<string> {
    const { service, target, action, path = '/', body = {} } = question;
    const method = question.method ?? (target !== undefined || action !== undefined ? 'POST' : 'GET');
    const answer = await fetch(endpointOf(port) + path, {
        method,
        headers: {
            authorization: authorization(service),
            ...(target !== undefined && { 'x-amz-target': target }),
            'content-type': typeOf(question),
        },
        ...(method !== 'GET' && { body: typeof body === 'string' ? body : textOf(action, body) }),
    });
    const text = await answer.text();
    if (!answer.ok) {
        throw new TransientError(`LocalStack answered ${target ?? action ?? path} of ${service} with ${text}`);
    }
    return text;
}

function typeOf({ action, body }: Question): string {
    if (typeof body === 'string') return 'application/xml';
    return action === undefined ? 'application/x-amz-json-1.1' : 'application/x-www-form-urlencoded';
}

function textOf(action: string | undefined, body: Readonly<Record<string, unknown>>): string {
    if (action === undefined) return JSON.stringify(body);
    const fields = Object.entries({ Action: action, ...body }).map(([name, value]) => [name, String(value)]);
    return new URLSearchParams(fields as [string, string][]).toString();
}
