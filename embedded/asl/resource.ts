/** What a Task state's Resource names. */
export type Resource =
    /** A function's ARN as the Resource itself: the payload is the state's input, the result what it returns. */
    | { readonly kind: 'function'; readonly name: string }
    /** `lambda:invoke`: the function stands in the Parameters, the result is wrapped. */
    | { readonly kind: 'invoke' }
    /** Another integration, served by a handler registered under its ARN. */
    | { readonly kind: 'integration'; readonly service: string; readonly action: string };

const FUNCTION = /^arn:[\w-]+:lambda:[^:]*:[^:]*:function:([^:]+)(?::[^:]+)?$/;
const INTEGRATION = /^arn:[\w-]+:states:[^:]*:[^:]*:((?:aws-sdk:)?[\w-]+):(\w+(?:\.[\w:]+)?)$/;

/** Reads a Resource; undefined when it is neither a function's nor an integration's ARN. */
export function parseResource(arn: string): Resource | undefined {
    const name = FUNCTION.exec(arn)?.[1];
    if (name !== undefined) return { kind: 'function', name };
    const [, service, action] = INTEGRATION.exec(arn) ?? [];
    if (service === undefined || action === undefined) return undefined;
    return service === 'lambda' && action === 'invoke' ? { kind: 'invoke' } : { kind: 'integration', service, action };
}

/** The function's bare name from what FunctionName may hold: a name, `name:alias`, a partial or a whole ARN. */
export function functionName(given: string): string {
    const parts = given.split(':');
    const marker = parts.indexOf('function');
    return parts[marker + 1] as string;
}
