import { type SFNClient, SFNServiceException } from '@aws-sdk/client-sfn';

/** A client of Step Functions that answers what it is told, by the name of the request, page after page. */
export function fakeSfn(answers: Readonly<Record<string, readonly unknown[]>>): {
    client: SFNClient;
    sent: { request: string; input: Record<string, unknown> }[];
} {
    const sent: { request: string; input: Record<string, unknown> }[] = [];
    const left = new Map(Object.entries(answers).map(([request, pages]) => [request, [...pages]]));
    async function send(command: { input: Record<string, unknown> }): Promise<unknown> {
        const request = command.constructor.name.replace(/Command$/, '');
        sent.push({ request, input: command.input });
        const answer = left.get(request)?.shift();
        if (answer instanceof Error) throw answer;
        return answer ?? {};
    }
    return { client: { send } as unknown as SFNClient, sent };
}

/** An answer that is an error. */
export function sfnFailure(name: string, status = 400): SFNServiceException {
    return new SFNServiceException({ name, message: name, $fault: 'client', $metadata: { httpStatusCode: status } });
}

const ARN = 'arn:aws:states:eu-central-1:123456789012:stateMachine';

export const MACHINES = {
    ingest: `${ARN}:lake-ingest`,
    build: `${ARN}:lake-build`,
    replay: `${ARN}:lake-replay`,
};
