import { lakeStatus } from '#core/status/lake-status.ts';
import { type Target, targetOption } from '../globals.ts';
import { counted } from '../output/numbers.ts';
import type { Answer } from '../output/output.ts';
import { paint } from '../output/style.ts';
import { statusLines } from '../status-lines.ts';
import { withNotices } from './dead-letters.ts';

import { withNextThere } from './next-step.ts';
import { titleOf } from './use-deployment.ts';

const BUILDS_LOOKED_AT = 10;

/** What is in the lake of a deployed pipeline, how fresh it is, and what needs a hand. */
export function deployedStatus(target: Target): Promise<Answer> {
    return withNotices(target, async (pipeline, notices) => {
        const builds = await pipeline.log.list('build', BUILDS_LOOKED_AT);
        const ended = builds.find(({ status }) => status !== 'RUNNING');
        const lastBuild = ended && (await pipeline.log.find('build', ended.name));
        const found = await lakeStatus(pipeline, lastBuild);
        const troubles = found.troubles.map((trouble) => withNextThere(trouble, targetOption(target)));
        const state = { ...found, troubles };
        const postgres = 'PostgreSQL: the one the pipeline was deployed with';
        const waiting = await notices.waiting();
        return {
            document: { target, ...state, notices: waiting },
            lines: [
                ...statusLines(titleOf(target), state, {}, postgres),
                ...noticeLines(waiting, targetOption(target)),
            ],
        };
    });
}

/** Files that landed and are not in the ledger yet; nothing else of the status knows of them. */
function noticeLines({ arrivals, deadLetters }: { arrivals: number; deadLetters: number }, option: string): string[] {
    return [
        ...(arrivals > 0 ? ['', `${counted(arrivals, 'notice')} of landed files on the way to the ledger.`] : []),
        ...(deadLetters > 0
            ? [
                  '',
                  `${paint('red', 'dead letters')}: ${counted(deadLetters, 'landed file')} could not be admitted.`,
                  `  next: cartlake dead-letters${option}`,
              ]
            : []),
    ];
}
