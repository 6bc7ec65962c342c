import { UsageError } from '#core/errors.ts';

/** Where LocalStack listens unless told otherwise. */
export const DEFAULT_PORT = 4566;
/** The only account and region Cartlake uses on LocalStack. */
export const ACCOUNT = '000000000000';
export const REGION = 'us-east-1';

/** An IP address and not a name: the AWS SDK then asks for buckets by path, which needs no name resolution. */
export function endpointOf(port: number): string {
    return `http://127.0.0.1:${port}`;
}

/**
 * The variables that make the AWS SDK, the AWS command line and the CDK talk to LocalStack. The two files are
 * empty on purpose: whatever profile the shell has chosen, nothing reaches a real account.
 */
export function clientVariables(port: number): Record<string, string> {
    return {
        AWS_ENDPOINT_URL: endpointOf(port),
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'test',
        AWS_REGION: REGION,
        AWS_DEFAULT_REGION: REGION,
        AWS_CONFIG_FILE: '/dev/null',
        AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
        AWS_EC2_METADATA_DISABLED: 'true',
        CDK_DEFAULT_ACCOUNT: ACCOUNT,
        CDK_DEFAULT_REGION: REGION,
    };
}

/**
 * The environment for a child process that is to work on LocalStack: `base` without its own AWS settings, and the
 * variables above. Example: `spawn('cdk', ['deploy'], { env: clientEnvironment(4566) })`.
 */
export function clientEnvironment(port: number, base: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
    const kept = Object.entries(base).filter(([name]) => !/^AWS_|^CDK_DEFAULT_/.test(name));
    return { ...Object.fromEntries(kept), ...clientVariables(port) };
}

/** Reads a port number. Throws UsageError for anything but 1024 to 65535: the ports below need root. */
export function parsePort(text: string, source: string): number {
    const port = Number(text);
    if (/^\d+$/.test(text) && port >= 1024 && port <= 65_535) return port;
    throw new UsageError(
        `${source} must be a port from 1024 to 65535, found "${text}". The default is ${DEFAULT_PORT}.`,
    );
}
