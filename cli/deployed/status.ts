import { lakeStatus } from '#core/status/lake-status.ts';
import type { Trouble } from '#core/status/troubles.ts';
import { type Target, targetOption } from '../globals.ts';
import { counted } from '../output/numbers.ts';
import type { Answer } from '../output/output.ts';
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
        const option = targetOption(target);
        const waiting = await notices.waiting();
        const troubles = found.troubles.map((trouble) => withNextThere(trouble, option));
        const state = { ...found, troubles: [...notAdmitted(waiting.deadLetters, option), ...troubles] };
        const postgres = 'PostgreSQL: the one the pipeline was deployed with';
        const onTheWay = `${counted(waiting.arrivals, 'notice')} of landed files on the way to the ledger.`;
        return {
            document: { target, ...state, notices: waiting },
            lines: [
                ...statusLines(titleOf(target), state, {}, postgres),
                ...(waiting.arrivals > 0 ? ['', onTheWay] : []),
            ],
        };
    });
}

/** Files that landed and are not in the ledger: nothing else of the status knows of them. */
function notAdmitted(deadLetters: number, option: string): Trouble[] {
    if (deadLetters === 0) return [];
    const what = `${counted(deadLetters, 'landed file')} could not be admitted.`;
    return [{ kind: 'not_admitted', subject: 'dead letters', what, next: `cartlake dead-letters${option}` }];
}
