import type { ModelGraph } from '#core/models/graph.ts';
import type { Model } from '#core/models/model.ts';
import { type Halt, type RunPlan, runFiles } from '../../build/run.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import type { ExecutionStatus } from '../../execution/executions.ts';
import type { BlobStore, ControlStore } from '../../store/ports.ts';
import type { IsoInstant } from '../../types.ts';
import { type BuildFacts, buildEvents, type ModelFacts } from './build-events.ts';
import { recordEvents } from './records.ts';

export interface RecordContext {
    readonly graph: ModelGraph;
    readonly blobs: BlobStore;
    readonly control: ControlStore;
    readonly now: () => IsoInstant;
}

/** What the steps of a run left besides candidates and checks. */
interface Left {
    readonly plan: RunPlan | undefined;
    readonly halted: readonly Halt[];
}

type Shown = (facts: Omit<ModelFacts, 'promoted'>) => Promise<boolean>;

/** Records a build that came to its end: one write, from what its steps left. */
export async function recordFinished(context: RecordContext, plan: RunPlan, halted: readonly Halt[]): Promise<void> {
    const names = halted.map(({ model }) => model).join(', ');
    await record(
        context,
        plan.run,
        { plan, halted },
        {
            endedAt: context.now(),
            end: halted.length > 0 ? 'FAIL' : 'COMPLETE',
            reason: halted.length > 0 ? `Models that keep their last good version: ${names}.` : undefined,
            isShown: async (facts) => facts.halted === undefined,
        },
    );
}

/** Records a build that another one replaced: what it had shown to readers is complete, the rest was given up. */
export async function recordReplaced(
    context: RecordContext & { readonly catalog: Pick<Catalog, 'pointer'> },
    run: string,
    status: ExecutionStatus,
): Promise<void> {
    const files = runFiles(context.blobs, context.control, run);
    await record(
        context,
        run,
        { plan: await files.findPlan(), halted: await files.halted() },
        {
            endedAt: context.now(),
            end: status === 'FAILED' ? 'FAIL' : 'ABORT',
            reason: `The build did not come to its end: its execution is ${status}. See cartlake executions ${run}.`,
            async isShown({ model, version }) {
                const pointer = await context.catalog.pointer(model.name);
                return [pointer?.current, ...(pointer?.history ?? [])].some(
                    (each) => each && each.version === version?.id,
                );
            },
        },
    );
}

async function record(
    context: RecordContext,
    run: string,
    { plan, halted }: Left,
    { isShown, ...ended }: Pick<BuildFacts, 'endedAt' | 'end' | 'reason'> & { readonly isShown: Shown },
): Promise<void> {
    const models = plan ? await modelsOf(context, plan, halted, isShown) : [];
    const { plannedAt, datasets = {} } = plan ?? {};
    const events = buildEvents(context.graph, { run, plannedAt, datasets, models, ...ended });
    await recordEvents(context.control, `build-${run}`, plannedAt ?? ended.endedAt, events);
}

/** Models that turned out unchanged left nothing, and there is nothing to say of them. */
async function modelsOf(
    { graph, blobs, control }: RecordContext,
    plan: RunPlan,
    halted: readonly Halt[],
    isShown: Shown,
): Promise<ModelFacts[]> {
    const files = runFiles(blobs, control, plan.run);
    const halts = new Map(halted.map((halt) => [halt.model, halt]));
    const found = plan.models.map(async ({ model: name }): Promise<ModelFacts[]> => {
        const halt = halts.get(name);
        const [version, checks] = await Promise.all([files.findCandidate(name), files.checks(name)]);
        const model = graph.models.get(name) as Model | undefined;
        if (model === undefined || (version === undefined && halt === undefined)) return [];
        const facts = { model, version, checks, halted: halt };
        return [{ ...facts, promoted: await isShown(facts) }];
    });
    return (await Promise.all(found)).flat();
}
