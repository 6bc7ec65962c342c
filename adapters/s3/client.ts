import { S3Client } from '@aws-sdk/client-s3';

const CONNECT_MS = 5_000;
/** Without a byte for this long a connection is given up; the request is sent again. */
const SILENCE_MS = 60_000;

/**
 * A client for the region and endpoint of the environment (`AWS_REGION`, `AWS_ENDPOINT_URL`). An endpoint that is an
 * address, such as http://127.0.0.1:4566, is used with the bucket in the path.
 */
export function createS3Client(): S3Client {
    return new S3Client({
        maxAttempts: 5,
        requestHandler: { connectionTimeout: CONNECT_MS, socketTimeout: SILENCE_MS },
    });
}
