import { AthenaClient } from '@aws-sdk/client-athena';

const CONNECT_MS = 5_000;
const ANSWER_MS = 30_000;

/** A client for the region and endpoint of the environment (`AWS_REGION`, `AWS_ENDPOINT_URL`). */
export function createAthenaClient(): AthenaClient {
    return new AthenaClient({
        maxAttempts: 5,
        requestHandler: { connectionTimeout: CONNECT_MS, socketTimeout: ANSWER_MS },
    });
}
