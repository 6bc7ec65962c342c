import { createHash } from 'node:crypto';
import type { Catalog } from '../catalog/catalog.ts';
import type { TableVersion } from '../catalog/version.ts';
import type { Contract } from '../contracts/contract.ts';
import { PipelineError } from '../errors.ts';
import { type ExperimentPlan, exposureRows } from '../experiment/plan.ts';
import type { ModelGraph } from '../models/graph.ts';
import type { RegisteredObject } from '../registry/registry.ts';
import type { Column, IsoDate, IsoInstant } from '../types.ts';

/** One input of a model as it stands for a run. */
export type Input =
    | { readonly kind: 'dataset'; readonly contract: Contract; readonly objects: readonly RegisteredObject[] }
    | { readonly kind: 'table'; readonly byDate: boolean; readonly version: TableVersion | undefined }
    | { readonly kind: 'values'; readonly columns: readonly Column[]; readonly rows: readonly (readonly string[])[] };

/** What versions an input has: one for each date, or one for all of it. */
export type InputVersions =
    | { readonly kind: 'by_date'; readonly dates: ReadonlyMap<IsoDate, string> }
    | { readonly kind: 'whole'; readonly version: string };

/**
 * The objects a dataset's rows are read from: under `replace`, the newest one alone. One without accepted rows adds
 * nothing and replaces nothing: a file that went to quarantine whole must not empty a table.
 */
export function effectiveObjects(
    contract: Contract,
    objects: readonly RegisteredObject[],
): readonly RegisteredObject[] {
    const filled = objects.filter(({ rows }) => rows > 0);
    if (contract.load !== 'replace') return filled;
    const newest = filled.sort((a, b) => (`${a.landedAt} ${a.key}` < `${b.landedAt} ${b.key}` ? 1 : -1))[0];
    return newest ? [newest] : [];
}

/** The newest instant of a dataset's date column, or the last date of a by_date model. */
export async function watermarkOf(source: InputSource, name: string): Promise<IsoInstant | undefined> {
    if (source.contracts.has(name)) return newestOf(await source.objects(name));
    const parts = Object.entries((await source.catalog.current(name))?.parts ?? {});
    const newest = parts
        .filter(([, { rows }]) => rows > 0)
        .map(([date]) => date)
        .sort()
        .at(-1);
    return newest && `${newest}T00:00:00.000Z`;
}

/** The newest instant of the date column among a dataset's objects. */
export function newestOf(objects: readonly RegisteredObject[]): IsoInstant | undefined {
    return objects
        .map(({ newest }) => newest)
        .filter((instant) => instant !== undefined)
        .sort()
        .at(-1);
}

export function versionsOf(input: Input): InputVersions {
    if (input.kind === 'values') return { kind: 'whole', version: hashOf(input.rows) };
    if (input.kind === 'table') {
        if (!input.byDate) return { kind: 'whole', version: input.version?.content ?? 'none' };
        const parts = Object.entries(input.version?.parts ?? {}).filter(([, part]) => part.rows > 0);
        return { kind: 'by_date', dates: new Map(parts.map(([date, part]) => [date, part.hash])) };
    }
    const objects = effectiveObjects(input.contract, input.objects);
    if (input.contract.dateColumn === undefined) return { kind: 'whole', version: hashOf(objects.map(objectVersion)) };
    const byDate = new Map<IsoDate, string[]>();
    for (const object of objects) {
        for (const date of Object.keys(object.dates)) {
            const known = byDate.get(date);
            if (known) known.push(objectVersion(object));
            else byDate.set(date, [objectVersion(object)]);
        }
    }
    const dates = [...byDate].sort(([a], [b]) => (a < b ? -1 : 1));
    return { kind: 'by_date', dates: new Map(dates.map(([date, versions]) => [date, versions.join()])) };
}

/** What of a dataset is read: changes with its objects, their readings and their corrections. */
export function datasetVersion(contract: Contract, objects: readonly RegisteredObject[]): string {
    return versionOfObjects(effectiveObjects(contract, objects));
}

export function versionOfObjects(objects: readonly RegisteredObject[]): string {
    return hashOf(objects.map(objectVersion)).slice(0, 32);
}

/** An object's id and what of it was read: under which contract, with how many corrections. */
export function objectVersion(object: RegisteredObject): string {
    const corrected = object.corrections === undefined ? '' : `+${object.corrections}`;
    return `${object.id}:${object.contractFingerprint.slice(0, 8)}${corrected}`;
}

function hashOf(value: unknown): string {
    return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

/** Where inputs come from: datasets as frozen by the run's plan, tables as they are promoted now. */
export interface InputSource {
    readonly graph: ModelGraph;
    readonly catalog: Pick<Catalog, 'current'>;
    readonly contracts: ReadonlyMap<string, Contract>;
    objects(dataset: string): Promise<readonly RegisteredObject[]>;
    /** Plans of declared experiments, sorted by experiment; without it there are none. */
    experimentPlans?(): Promise<readonly ExperimentPlan[]>;
}

/** Columns of the built-in relation `experiment_plans`. */
export const PLAN_COLUMNS: readonly Column[] = [
    { name: 'experiment_id', type: 'varchar' },
    { name: 'plan', type: 'varchar' },
];

const EXPOSURE_COLUMNS: readonly Column[] = [
    { name: 'experiment_id', type: 'varchar' },
    { name: 'exposure', type: 'varchar' },
    { name: 'event_name', type: 'varchar' },
];

const PARAMETER_COLUMNS: readonly Column[] = [
    { name: 'dataset', type: 'varchar' },
    { name: 'name', type: 'varchar' },
    { name: 'value', type: 'varchar' },
];

/** Resolves the name of a leaf (dataset, stored model, built-in relation) to what it holds. */
export async function resolveInput(source: InputSource, name: string): Promise<Input> {
    const contract = source.contracts.get(name);
    if (contract) return { kind: 'dataset', contract, objects: await source.objects(name) };
    const model = source.graph.models.get(name);
    if (model) {
        return { kind: 'table', byDate: model.kind === 'by_date', version: await source.catalog.current(name) };
    }
    if (name === 'contract_parameters') {
        const rows = [...source.contracts.values()].flatMap((known) =>
            Object.entries(known.parameters).map(([parameter, value]) => [known.dataset, parameter, value]),
        );
        return {
            kind: 'values',
            columns: PARAMETER_COLUMNS,
            rows: rows.sort((a, b) => (a.join() < b.join() ? -1 : 1)),
        };
    }
    if (name === 'experiment_plans') {
        const plans = (await source.experimentPlans?.()) ?? [];
        const rows = plans.map((plan) => [plan.experimentId, JSON.stringify(plan)]);
        return { kind: 'values', columns: PLAN_COLUMNS, rows };
    }
    if (name === 'experiment_exposures') {
        const plans = (await source.experimentPlans?.()) ?? [];
        return { kind: 'values', columns: EXPOSURE_COLUMNS, rows: exposureRows(plans) };
    }
    throw new PipelineError(`There is no dataset, model or built-in relation ${name}.`);
}
