/** List prices in US dollars, without free tiers and discounts. */
export const PRICES = {
    region: 'us-east-1 (N. Virginia)',
    read: 'as written down in November 2026 from copies of the pages below, the newest of them of 2024: check before you rely on them',
    pages: [
        'https://aws.amazon.com/s3/pricing/',
        'https://aws.amazon.com/lambda/pricing/',
        'https://aws.amazon.com/step-functions/pricing/',
        'https://aws.amazon.com/sqs/pricing/',
        'https://aws.amazon.com/athena/pricing/',
    ],
    /** PUT, COPY, POST and LIST. */
    s3WritePerThousand: 0.005,
    /** GET, HEAD and all others; DELETE is free. */
    s3ReadPerThousand: 0.0004,
    s3GigabyteMonth: 0.023,
    lambdaPerMillion: 0.2,
    /** On arm64, which the functions use. */
    lambdaGigabyteSecond: 0.0000133334,
    transitionsPerThousand: 0.025,
    sqsPerMillion: 0.4,
    athenaPerTerabyte: 5,
} as const;

/** Actions that cost what a PUT costs. */
const WRITES = /^(Put|Copy|Post|List|CreateMultipart|UploadPart|CompleteMultipart)/;

/** What a request to S3 costs, in dollars. */
export function s3Price(action: string): number {
    if (action.startsWith('Delete') || action.startsWith('Abort')) return 0;
    return (WRITES.test(action) ? PRICES.s3WritePerThousand : PRICES.s3ReadPerThousand) / 1_000;
}
