import type { Component } from '../models/graph.ts';
import type { Model } from '../models/model.ts';
import { effectiveObjects, type Input } from './inputs.ts';
import { type BuildContext, type PreparedModel, prepareModel } from './model-build.ts';
import type { PlannedModel, RunPlan } from './run.ts';

/**
 * What would be built and why. A model whose inputs are themselves rebuilt may turn out unchanged: when the rebuilt
 * input has the same rows as before, the build goes no further.
 */
export async function planModels(context: BuildContext): Promise<Pick<RunPlan, 'components' | 'models'>> {
    const found: PlannedComponent[] = [];
    for (const component of context.graph.components) {
        const planned = await planComponent(context, component);
        if (planned.levels.length > 0) found.push(planned);
    }
    // What reads most begins first: only so many are built side by side, and the small ones fill the gaps.
    found.sort((a, b) => b.rowsRead - a.rowsRead);
    return { components: found.map(({ levels }) => levels), models: found.flatMap(({ models }) => models) };
}

interface PlannedComponent {
    readonly levels: Component;
    readonly models: readonly PlannedModel[];
    readonly rowsRead: number;
}

async function planComponent(context: BuildContext, component: Component): Promise<PlannedComponent> {
    const planned = new Map<string, PlannedModel>();
    const rows = new Map<string, number>();
    const levels: string[][] = [];
    for (const level of component) {
        const names: string[] = [];
        for (const name of level) {
            const found = await planModel(context, context.graph.models.get(name) as Model, planned);
            if (!found) continue;
            planned.set(name, found.plan);
            rows.set(name, found.rowsRead);
            names.push(name);
        }
        names.sort((a, b) => (rows.get(b) ?? 0) - (rows.get(a) ?? 0));
        if (names.length > 0) levels.push(names);
    }
    const rowsRead = [...rows.values()].reduce((sum, read) => sum + read, 0);
    return { levels, models: [...planned.values()], rowsRead };
}

async function planModel(
    context: BuildContext,
    model: Model,
    planned: ReadonlyMap<string, PlannedModel>,
): Promise<{ plan: PlannedModel; rowsRead: number } | undefined> {
    const pointer = await context.catalog.pointer(model.name);
    if (pointer?.pinned) return undefined;
    const prepared = await prepareModel(context, model);
    const waiting = sourcesOf(context, model).filter((input) => planned.has(input));
    const isStale = prepared.stale.length > 0 || prepared.gone.length > 0 || !prepared.current;
    if (!isStale && waiting.length === 0) return undefined;
    const plan = {
        model: model.name,
        reason: isStale ? reasonOf(context, prepared) : `depends on ${waiting.join(', ')}`,
        parts: prepared.stale,
        bytes: [...prepared.inputs.values()].reduce((sum, input) => sum + bytesOf(input, prepared), 0),
        certain: isStale,
    };
    return { plan, rowsRead: [...prepared.inputs.values()].reduce((sum, input) => sum + rowsOf(input), 0) };
}

/** Rows of an input as far as it exists now. */
function rowsOf(input: Input): number {
    if (input.kind === 'values') return input.rows.length;
    if (input.kind === 'table') return input.version?.rows ?? 0;
    return effectiveObjects(input.contract, input.objects).reduce((sum, { rows }) => sum + rows, 0);
}

/** What a model's rows can change with: its inputs, and the model whose end it reads. */
function sourcesOf({ graph }: BuildContext, { name, watermark }: Model): string[] {
    return [...new Set([...graph.upstream(name), ...(watermark === undefined ? [] : [watermark])])];
}

function reasonOf(context: BuildContext, { model, current, stale, gone }: PreparedModel): string {
    if (!current) return 'never built';
    const reasons: string[] = [];
    const fresh = stale.filter((part) => !current.parts[part]);
    const changed = stale.length - fresh.length;
    if (model.kind !== 'by_date') return `an input of ${inputNames(context, model)} changed, or its code`;
    if (fresh.length > 0) reasons.push(`${count(fresh.length, 'new date')} (${span(fresh)})`);
    if (changed > 0) {
        const dates = stale.filter((part) => current.parts[part]);
        reasons.push(`${count(changed, 'date')} with changed inputs (${span(dates)})`);
    }
    if (gone.length > 0) reasons.push(`${count(gone.length, 'date')} without inputs any more`);
    return reasons.join(', ');
}

function inputNames(context: BuildContext, model: Model): string {
    return context.graph.upstream(model.name).join(', ');
}

function count(number: number, noun: string): string {
    return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function span(dates: readonly string[]): string {
    const sorted = [...dates].sort();
    return sorted.length === 1 ? (sorted[0] as string) : `${sorted[0]} to ${sorted.at(-1)}`;
}

/** Stored size of what a model reads; datasets do not say theirs, so only tables count. */
function bytesOf(input: Input, { model, stale }: PreparedModel): number {
    if (input.kind !== 'table' || !input.version) return 0;
    if (!input.byDate || model.kind !== 'by_date' || model.lookback === 'all') return input.version.bytes;
    return stale.reduce((sum, date) => sum + (input.version?.parts[date]?.bytes ?? 0), 0);
}
