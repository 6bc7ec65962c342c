import { SFNClient } from '@aws-sdk/client-sfn';

const CONNECT_MS = 5_000;
const ANSWER_MS = 30_000;

/** A client for the region and endpoint of the environment (`AWS_REGION`, `AWS_ENDPOINT_URL`). */
export function createSfnClient(): SFNClient {
    return new SFNClient({
        maxAttempts: 5,
        requestHandler: { connectionTimeout: CONNECT_MS, socketTimeout: ANSWER_MS },
    });
}
