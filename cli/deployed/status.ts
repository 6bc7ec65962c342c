import { lakeStatus } from '#core/status/lake-status.ts';
import type { Target } from '../globals.ts';
import type { Answer } from '../output/output.ts';
import { statusLines } from '../status-lines.ts';
import { titleOf, useDeployment } from './use-deployment.ts';

const BUILDS_LOOKED_AT = 10;

/** What is in the lake of a deployed pipeline, how fresh it is, and what needs a hand. */
export function deployedStatus(target: Target): Promise<Answer> {
    return useDeployment(target, async (pipeline) => {
        const builds = await pipeline.log.list('build', BUILDS_LOOKED_AT);
        const ended = builds.find(({ status }) => status !== 'RUNNING');
        const lastBuild = ended && (await pipeline.log.find('build', ended.name));
        const state = await lakeStatus(pipeline, lastBuild);
        const postgres = 'PostgreSQL: the one the pipeline was deployed with';
        return { document: { target, ...state }, lines: statusLines(titleOf(target), state, {}, postgres) };
    });
}
