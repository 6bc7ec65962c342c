import { readFile } from 'node:fs/promises';

/** Requests to S3 by action in LocalStack's log from a byte on, the most frequent first. */
export async function s3Requests(log: string, offset: number): Promise<Record<string, number>> {
    const text = (await readFile(log)).subarray(offset).toString('utf8');
    const counts = new Map<string, number>();
    for (const [, action = ''] of text.matchAll(/: AWS s3\.(\w+) => /g)) {
        counts.set(action, (counts.get(action) ?? 0) + 1);
    }
    return Object.fromEntries([...counts].sort(([, a], [, b]) => b - a));
}
