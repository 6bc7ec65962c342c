import { type InputSource, resolveInput } from '../build/inputs.ts';
import type { BoundInput, DataRow, Statement, TableEngine } from '../build/ports.ts';
import { bindInput } from '../build/relations.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { UsageError } from '../errors.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Model } from '../models/model.ts';
import { objectsOf } from '../registry/registry.ts';
import type { ControlStore } from '../store/ports.ts';
import type { IsoInstant } from '../types.ts';

export interface TraceContext extends Omit<InputSource, 'objects' | 'catalog'> {
    readonly control: ControlStore;
    readonly catalog: Catalog;
    readonly engine: Pick<TableEngine, 'rows'>;
    readonly ledger: Pick<Ledger, 'all'>;
}

/** A line of a landed file, and what is known of the file. */
export interface Origin {
    readonly uri: string;
    readonly version: string;
    /** Number of the record in its file, from 1. */
    readonly row: number;
    /** Ledger id of the object, its landing and its ingest execution, where the ledger has it. */
    readonly object: string | undefined;
    readonly landedAt: IsoInstant | undefined;
    readonly execution: string | undefined;
}

/** Where rows of one relation come from. */
export interface TraceStep {
    readonly relation: string;
    /** Columns and values the rows were found by. */
    readonly where: Readonly<Record<string, string>>;
    /** The lines its rows name, the first ones. */
    readonly origins: readonly Origin[];
}

export interface Trace {
    readonly model: string;
    readonly version: string;
    readonly run: string;
    readonly builtAt: IsoInstant;
    /** The rows that were asked for. */
    readonly rows: readonly DataRow[];
    /** `exact`: the rows carry their lines. `by_values`: lines of inputs whose rows have the same values. */
    readonly how: 'exact' | 'by_values' | 'unknown';
    readonly steps: readonly TraceStep[];
}

type Wanted = Readonly<Record<string, string>>;

const SOURCE = ['_source_uri', '_source_version', '_source_row'] as const;
const MOST_ROWS = 20;

/**
 * Follows rows of a table back to the run that made them and the lines they come from. Tables whose rows do not carry
 * their line are followed through their inputs by the key columns that were asked for, as far as those have them.
 *
 * @throws UsageError when the table was not built, a column is not in it, or no row has the values
 */
export async function traceRows(context: TraceContext, model: Model, wanted: Wanted): Promise<Trace> {
    const version = await context.catalog.current(model.name);
    if (!version) throw new UsageError(`The table ${model.name} was never built. What there is: cartlake status`);
    const names = version.columns.map(({ name }) => name);
    const stray = Object.keys(wanted).find((name) => !names.includes(name));
    if (stray !== undefined || Object.keys(wanted).length === 0) {
        throw new UsageError(
            `Name rows of ${model.name} by its columns, such as ${model.key.map((name) => `${name}=...`).join(' ')}` +
                `${stray === undefined ? '' : `; there is no column ${stray}`}. Its columns: ${names.join(', ')}.`,
        );
    }
    const source: InputSource = { ...context, objects: (dataset) => objectsOf(context.control, dataset) };
    const input = bindInput(await resolveInput(source, model.name), { lookback: 0, lookahead: 0 }, undefined);
    const rows = await context.engine.rows(matching(input, wanted, '*'));
    if (rows.length === 0) throw new UsageError(`${model.name} has no row with ${textOf(wanted)}.`);
    const found: Omit<TraceStep, 'origins'>[] = [];
    const lines = new Map<string, readonly DataRow[]>();
    // Sums stand in no input: rows that do not carry their line are followed by their key.
    const carriesLine = SOURCE.every((column) => names.includes(column));
    const keyed = Object.fromEntries(
        Object.entries(wanted).filter(([name]) => carriesLine || model.key.includes(name)),
    );
    await follow(context, source, model.name, keyed, { found, lines });
    const objects = await objectsByKey(context);
    const steps = found.map((step) => ({
        ...step,
        origins: (lines.get(step.relation) ?? []).map((line) => originOf(line, objects)),
    }));
    const isExact = steps.some(({ relation }) => relation === model.name);
    const { id, run, builtAt } = version;
    return {
        model: model.name,
        version: id,
        run,
        builtAt,
        rows,
        how: isExact ? 'exact' : steps.length > 0 ? 'by_values' : 'unknown',
        steps,
    };
}

interface Found {
    readonly found: Omit<TraceStep, 'origins'>[];
    readonly lines: Map<string, readonly DataRow[]>;
}

/** Ends at relations whose rows name their lines; a relation is looked at once. */
async function follow(
    context: TraceContext,
    source: InputSource,
    name: string,
    wanted: Wanted,
    into: Found,
): Promise<void> {
    if (into.lines.has(name)) return;
    const input = bindInput(await resolveInput(source, name), { lookback: 0, lookahead: 0 }, undefined);
    const names = new Set(input.columns.map((column) => column.name));
    const where = Object.fromEntries(Object.entries(wanted).filter(([column]) => names.has(column)));
    if (input.kind !== 'files' || Object.keys(where).length === 0) return;
    if (SOURCE.every((column) => names.has(column))) {
        const lines = await context.engine.rows(matching(input, where, `distinct ${SOURCE.join(', ')}`));
        into.lines.set(name, lines);
        if (lines.length > 0) into.found.push({ relation: name, where });
        return;
    }
    into.lines.set(name, []);
    for (const upstream of context.graph.upstream(name)) {
        if (upstream !== 'watermarks') await follow(context, source, upstream, where, into);
    }
}

/** Values from people are a relation of their own: no SQL is made of them. */
function matching(input: BoundInput, wanted: Wanted, select: string): Statement {
    const names = Object.keys(wanted);
    const values: BoundInput = {
        kind: 'values',
        columns: names.map((_, index) => ({ name: `v${index}`, type: 'varchar' })),
        rows: [Object.values(wanted)],
    };
    const on = names.map((name, index) => `cast(r."${name.replaceAll('"', '""')}" as varchar) = w.v${index}`);
    const order = select === '*' ? '' : ' order by all';
    return {
        inputs: new Map([
            ['rows', input],
            ['wanted', values],
        ]),
        render: (bind) =>
            `select ${select.replace('*', 'r.*')} from ${bind('rows')} as r join ${bind('wanted')} as w on ${on.join(' and ')}${order} limit ${MOST_ROWS}`,
    };
}

type Objects = ReadonlyMap<string, readonly Omit<Origin, 'uri' | 'row'>[]>;

async function objectsByKey({ ledger }: TraceContext): Promise<Objects> {
    const byKey = new Map<string, Omit<Origin, 'uri' | 'row'>[]>();
    for await (const { id, object, landedAt, attempt } of ledger.all()) {
        const known = byKey.get(object.key) ?? [];
        known.push({ version: object.version, object: id, landedAt, execution: `${id}-${attempt}` });
        byKey.set(object.key, known);
    }
    return byKey;
}

/** A row of an archive names the file inside it, whose version is not the archive's. */
function originOf(line: DataRow, objects: Objects): Origin {
    const [uri, version] = [String(line._source_uri), String(line._source_version)];
    const [key = uri] = uri.split('!/');
    const known = objects.get(key) ?? [];
    const object = known.find((each) => each.version === version) ?? (known.length === 1 ? known[0] : undefined);
    const { object: id, landedAt, execution } = object ?? {};
    return { uri, version, row: Number(line._source_row), object: id, landedAt, execution };
}

function textOf(wanted: Wanted): string {
    return Object.entries(wanted)
        .map(([name, value]) => `${name}=${value}`)
        .join(' ');
}
