import type { RunPlan } from '../build/run.ts';
import type { StepContext } from '../build/steps.ts';
import { sealVersion, type TableVersion } from '../catalog/version.ts';
import { UsageError } from '../errors.ts';
import type { Model } from '../models/model.ts';
import { previewPlan } from '../status/plan-preview.ts';
import type { IsoDate, IsoInstant } from '../types.ts';

/** Which parts of a table to compute again; a table that is not stored by date is computed whole. */
export interface BackfillScope {
    readonly model: Model;
    /** Inclusive; open where there is none. */
    readonly from?: IsoDate | undefined;
    readonly to?: IsoDate | undefined;
}

/**
 * The version that readers see, with parts that no build believes to be up to date: the same rows and the same files.
 * Throws UsageError when there is nothing to compute again.
 */
async function doubted(
    { catalog }: StepContext,
    { model, from, to }: BackfillScope,
    at: IsoInstant,
): Promise<TableVersion> {
    const current = await catalog.current(model.name);
    if (!current)
        throw new UsageError(
            `The table ${model.name} was never built: the next build computes all of it (cartlake build).`,
        );
    if ((await catalog.pointer(model.name))?.pinned) {
        throw new UsageError(`${model.name} is pinned: release it first (cartlake rollback ${model.name} --release).`);
    }
    const isMeant = (part: string) =>
        model.kind !== 'by_date' || ((from === undefined || part >= from) && (to === undefined || part <= to));
    const parts = Object.entries(current.parts);
    if (!parts.some(([part]) => isMeant(part))) {
        throw new UsageError(
            `${model.name} has no rows between ${from ?? 'its first date'} and ${to ?? 'its last date'}: nothing to compute again.`,
        );
    }
    return sealVersion({
        ...current,
        base: current.id,
        parts: Object.fromEntries(
            parts.map(([part, known]) => [
                part,
                isMeant(part) ? { ...known, inputs: `asked for again at ${at}` } : known,
            ]),
        ),
    });
}

/** What a backfill would compute, and what may follow from it. Nothing is started and nothing is written. */
export async function previewBackfill(context: StepContext, scope: BackfillScope): Promise<RunPlan> {
    const version = await doubted(context, scope, context.now());
    const catalog = {
        ...context.catalog,
        current: async (model: string) => (model === version.model ? version : context.catalog.current(model)),
    };
    return previewPlan({ ...context, catalog });
}

/**
 * Makes the next build compute parts of a table again from the files as they are staged now. Readers see the rows they
 * saw until it has; tables that depend on it follow where rows changed. Returns the parts. A build that runs beside it
 * and changes the same table comes again (ConflictError for whoever is later).
 */
export async function backfill(context: StepContext, scope: BackfillScope): Promise<string[]> {
    const before = await context.catalog.current(scope.model.name);
    const version = await doubted(context, scope, context.now());
    await context.catalog.promote(version, context.now());
    return Object.entries(version.parts).flatMap(([part, { inputs }]) =>
        before?.parts[part]?.inputs === inputs ? [] : [part],
    );
}
