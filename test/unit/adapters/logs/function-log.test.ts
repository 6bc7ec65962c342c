import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { describe, expect, it } from 'vitest';
import { functionLog } from '#adapters/logs/function-log.ts';

describe('the log of a function', () => {
    it('is read page after page, also past empty ones', async () => {
        const pages = [
            { events: [{ timestamp: 1_000, message: 'a\n' }], nextToken: 'x' },
            { events: [], nextToken: 'y' },
            { events: [{ timestamp: 2_000, message: 'b' }] },
        ];
        const sent: Record<string, unknown>[] = [];
        const client = {
            async send({ input }: { input: Record<string, unknown> }) {
                sent.push(input);
                return pages[sent.length - 1];
            },
        } as unknown as CloudWatchLogsClient;

        expect(await Array.fromAsync(functionLog(client, 'lake-admit', '1970-01-01T00:00:00.500Z'))).toEqual([
            { at: '1970-01-01T00:00:01.000Z', text: 'a' },
            { at: '1970-01-01T00:00:02.000Z', text: 'b' },
        ]);
        expect(sent.map(({ nextToken }) => nextToken)).toEqual([undefined, 'x', 'y']);
        expect(sent[0]).toMatchObject({ logGroupName: '/aws/lambda/lake-admit', startTime: 500 });
    });
});
