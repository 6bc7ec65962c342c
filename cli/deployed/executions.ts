import { UsageError } from '#core/errors.ts';
import type { ExecutionSummary } from '#core/execution/execution-log.ts';
import { fileNameOf } from '#core/ledger/entry.ts';
import { listAnswer, treeAnswer } from '../executions-answer.ts';
import type { Target } from '../globals.ts';
import type { Answer } from '../output/output.ts';
import { type DeployedPipeline, useDeployment } from './use-deployment.ts';

/** How far back an execution is looked for by the beginning of its name. */
const LOOKED_AT = 1_000;

/** The executions of a deployed pipeline, or one of them by its name or the beginning of it. */
export function deployedExecutions(target: Target, id: string | undefined, limit: number): Promise<Answer> {
    return useDeployment(target, async (pipeline) => {
        if (id === undefined) return theLast(pipeline, limit);
        const found = await meant(pipeline, id);
        const execution = (await pipeline.log.find(found.machine, found.name)) ?? found;
        return treeAnswer(execution, await pipeline.log.events(found.machine, found.name));
    });
}

async function theLast(pipeline: DeployedPipeline, limit: number): Promise<Answer> {
    const newest = (await everything(pipeline, limit)).slice(0, limit);
    const files = new Map<string, string>();
    for (const { machine, name } of newest) {
        if (machine !== 'ingest') continue;
        // The name of an ingest is the id of its object and the number of the attempt.
        const entry = await pipeline.ledger.find(name.replace(/-\d+$/, ''));
        if (entry) files.set(name, fileNameOf(entry));
    }
    return listAnswer(newest, ({ name }) => files.get(name) ?? '');
}

async function meant(pipeline: DeployedPipeline, wanted: string): Promise<ExecutionSummary> {
    const all = await everything(pipeline, LOOKED_AT);
    const found = all.filter(({ machine, name }) => name.startsWith(wanted) || `${machine}/${name}`.startsWith(wanted));
    const execution = found.find(({ name }) => name === wanted) ?? found[0];
    if (execution) return execution;
    throw new UsageError(`There is no execution "${wanted}" among the last ${LOOKED_AT} of each machine.`);
}

/** Newest first. */
async function everything({ log }: DeployedPipeline, most: number): Promise<ExecutionSummary[]> {
    const lists = await Promise.all((['ingest', 'build', 'replay'] as const).map((machine) => log.list(machine, most)));
    return lists.flat().sort((a, b) => (a.startedAt > b.startedAt ? -1 : 1));
}
