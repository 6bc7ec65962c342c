import { createLogsClient, functionLog } from '#adapters/logs/function-log.ts';
import type { IsoInstant } from '#core/types.ts';
import type { Target } from '../globals.ts';
import { logLine, type SaidLine } from '../log-lines.ts';
import type { Answer } from '../output/output.ts';
import { useDeployment } from './use-deployment.ts';

/** What a function of a deployed pipeline said since an instant: the newest `most` lines. */
export function deployedLogs(target: Target, name: string, since: IsoInstant, most: number): Promise<Answer> {
    return useDeployment(target, async (pipeline) => {
        const client = createLogsClient();
        try {
            const said: SaidLine[] = [];
            for await (const line of functionLog(client, `${pipeline.name}-${name}`, since)) {
                const found = logLine(line);
                if (found) said.push(found);
                if (said.length > most) said.shift();
            }
            const nothing = `${name} has said nothing since ${since.slice(0, 16).replace('T', ' ')} UTC.`;
            return {
                document: said.map(({ shown: _, ...line }) => line),
                lines: said.length === 0 ? [nothing] : said.map(({ shown }) => shown),
            };
        } finally {
            client.destroy();
        }
    });
}
