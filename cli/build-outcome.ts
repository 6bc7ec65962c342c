import { readRequests } from '#core/build/requests.ts';
import { runFiles } from '#core/build/run.ts';
import type { StepContext } from '#core/build/steps.ts';
import type { ExecutionSummary } from '#core/execution/execution-log.ts';
import { type TableChanges, type TableStatus, tableChanges, tableStatuses } from '#core/status/tables.ts';
import { sentenceOf } from '#core/status/troubles.ts';
import type { Runtime } from '#embedded/runtime.ts';
import { count } from './output/numbers.ts';
import { paint } from './output/style.ts';
import { table } from './output/table.ts';

/** What became of the builds of one call. */
export interface BuildOutcome extends TableChanges {
    /** In words: what failed, and why. Empty when all is well. */
    readonly failures: readonly string[];
    /** Builds asked for that nobody has done. */
    readonly open: number;
}

type BuildsContext = Pick<StepContext, 'graph' | 'catalog' | 'blobs' | 'control'>;
type Build = Pick<ExecutionSummary, 'name' | 'status' | 'error' | 'cause'>;

/** Remembers how tables are now; the function it returns tells what has changed since. */
export function watchBuilds({ context, executions }: Runtime): Promise<() => Promise<BuildOutcome>> {
    return watchBuildsOf(context, async () => executions.list({ machine: 'build' }));
}

/** The same wherever the pipeline runs; `list` gives its builds, the newest first. */
export async function watchBuildsOf(
    context: BuildsContext,
    list: () => Promise<readonly Build[]>,
): Promise<() => Promise<BuildOutcome>> {
    const started = new Set((await list()).map(({ name }) => name));
    const before = await tableStatuses(context);
    return async () => {
        const failures: string[] = [];
        for (const build of [...(await list())].reverse()) {
            if (started.has(build.name) || build.status === 'SUCCEEDED' || build.status === 'RUNNING') continue;
            const halted = await runFiles(context.blobs, context.control, build.name).halted();
            if (halted.length > 0) failures.push(...halted.map(({ model, reason }) => `${model}: ${reason}`));
            else failures.push(`${build.name}: ${sentenceOf(build.cause) || build.error || build.status}`);
        }
        const { requested, built } = await readRequests(context.control);
        const changes = tableChanges(before, await tableStatuses(context));
        return { ...changes, failures, open: requested - built };
    };
}

export function buildDocument({ built, published, failures, open }: BuildOutcome): object {
    return { built: built.map(tableDocument), published: published.map(publishedDocument), failures, open };
}

function tableDocument({ model, rows, version, run }: TableStatus): object {
    return { model, rows, version, run };
}

function publishedDocument({ publish, model, rows }: TableStatus): object {
    return { table: `marts.${publish}`, model, rows };
}

/** The outcome for a terminal; `lakeOption` is what commands that are suggested need to find the lake. */
export function buildLines({ built, published, failures, open }: BuildOutcome, lakeOption: string): string[] {
    const lines: string[] = [];
    if (built.length > 0) {
        const publishedModels = new Set(published.map(({ model }) => model));
        const rows = built.map(({ model, rows: size, publish }) => [
            model,
            count(size),
            publishedModels.has(model) ? `marts.${publish}` : '',
        ]);
        lines.push(
            ...table([{ heading: 'built' }, { heading: 'rows', align: 'right' }, { heading: 'published' }], rows),
        );
    }
    const builtModels = new Set(built.map(({ model }) => model));
    const alone = published.filter(({ model }) => !builtModels.has(model));
    if (alone.length > 0) lines.push(`Published ${alone.map(({ publish }) => `marts.${publish}`).join(', ')}.`);
    if (built.length + published.length + failures.length === 0 && open === 0) {
        lines.push('Tables are up to date: nothing was built.');
    }
    for (const failure of failures) lines.push(`${paint('red', 'failed')}  ${failure}`);
    if (failures.length > 0) {
        lines.push(`Readers keep the last good versions. When the cause is gone: cartlake build${lakeOption}`);
    } else if (open > 0) {
        lines.push(`A build is waiting: cartlake build${lakeOption}`);
    }
    return lines;
}
