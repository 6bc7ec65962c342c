import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { IsoInstant } from '#core/types.ts';
import { ask } from '../aws/failure.ts';

/** One thing a function printed. */
export interface LogLine {
    readonly at: IsoInstant;
    readonly text: string;
}

const CONNECT_MS = 5_000;
const ANSWER_MS = 30_000;

/** A client for the region and endpoint of the environment. */
export function createLogsClient(): CloudWatchLogsClient {
    return new CloudWatchLogsClient({
        maxAttempts: 5,
        requestHandler: { connectionTimeout: CONNECT_MS, socketTimeout: ANSWER_MS },
    });
}

/** What a function printed since an instant, the oldest first, as Lambda keeps it. */
export async function* functionLog(
    client: Pick<CloudWatchLogsClient, 'send'>,
    name: string,
    since: IsoInstant,
): AsyncGenerator<LogLine> {
    const logGroupName = `/aws/lambda/${name}`;
    let nextToken: string | undefined;
    do {
        const filter = new FilterLogEventsCommand({ logGroupName, startTime: Date.parse(since), nextToken });
        const page = await ask({ action: 'logs:FilterLogEvents', on: logGroupName }, () =>
            (client as CloudWatchLogsClient).send(filter),
        );
        for (const { timestamp = 0, message = '' } of page.events ?? []) {
            yield { at: new Date(timestamp).toISOString(), text: message.trimEnd() };
        }
        nextToken = page.nextToken;
    } while (nextToken !== undefined);
}
