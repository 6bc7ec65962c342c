import { createHash } from 'node:crypto';
import { PLAN_COLUMNS } from '../build/inputs.ts';
import type { BoundInput, TableEngine } from '../build/ports.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { filesToRead } from '../catalog/version.ts';
import { UsageError } from '../errors.ts';
import { analyseAll } from '../experiment/analyse-all.ts';
import type { ExperimentAnalysis } from '../experiment/document.ts';
import type { ExperimentPlan } from '../experiment/plan.ts';
import type { ModelGraph } from '../models/graph.ts';
import { relationSql } from '../models/render.ts';
import type { BlobStore } from '../store/ports.ts';
import { reportMeta } from './experiment/forms.ts';
import { renderExperimentJson } from './experiment/json.ts';
import type { ReportMeta } from './experiment/meta.ts';

/** What analyses are recorded with and replayed from. */
export interface RecordContext {
    readonly graph: ModelGraph;
    readonly catalog: Pick<Catalog, 'current'>;
    readonly engine: Pick<TableEngine, 'rows'>;
    readonly blobs: BlobStore;
}

type Files = Extract<BoundInput, { kind: 'files' }>;

/** The tables analyses were made from: immutable files, by table. */
interface RecordedTables {
    readonly refs: readonly string[];
    readonly tables: Readonly<Record<string, Pick<Files, 'files' | 'columns'>>>;
}

/** One analysis: where its inputs are, and what its page says of itself. */
interface RecordedAnalysis {
    readonly experimentId: string;
    readonly tables: string;
    readonly plan: ExperimentPlan;
    readonly meta: Pick<ReportMeta, 'generatedAt' | 'dataThrough' | 'run'>;
}

const FOLDER = 'reports/analyses';
const MODEL = 'experiment_analyses';

/** Records where the inputs of the analyses made now are. Equal inputs are one record. */
export async function recordTables({ graph, catalog, blobs }: RecordContext): Promise<string> {
    const tables: Record<string, Pick<Files, 'files' | 'columns'>> = {};
    for (const name of graph.upstream(MODEL)) {
        const version = graph.models.has(name) ? await catalog.current(name) : undefined;
        if (version === undefined) continue;
        const files = filesToRead(version);
        tables[name] = { files, columns: version.columns };
    }
    const record: RecordedTables = { refs: graph.models.get(MODEL)?.refs ?? [], tables };
    const text = JSON.stringify(record);
    const id = createHash('sha256').update(text).digest('hex').slice(0, 16);
    await blobs.putText(`${FOLDER}/tables/${id}.json`, text);
    return id;
}

/** Records one analysis under its hash. */
export async function recordAnalysis(
    { blobs }: Pick<RecordContext, 'blobs'>,
    { experimentId, plan }: ExperimentAnalysis,
    { hash, generatedAt, dataThrough, run }: ReportMeta,
    tables: string,
): Promise<void> {
    const record: RecordedAnalysis = { experimentId, tables, plan, meta: { generatedAt, dataThrough, run } };
    await blobs.putText(`${FOLDER}/${hash}.json`, JSON.stringify(record));
}

/**
 * Computes a recorded analysis again from its inputs and returns its JSON, byte for byte what was written.
 *
 * @throws UsageError when no analysis has the hash, its inputs are gone, or this version computes otherwise
 */
export async function replayAnalysis(context: RecordContext, hash: string): Promise<string> {
    const record = await readRecord<RecordedAnalysis>(context.blobs, `${FOLDER}/${hash}.json`);
    if (record === undefined) {
        throw new UsageError(
            `There is no analysis ${hash} in this lake. The hash stands at the foot of each page and in its JSON (meta.hash).`,
        );
    }
    const inputs = await readRecord<RecordedTables>(context.blobs, `${FOLDER}/tables/${record.tables}.json`);
    const analysis = inputs && (await computeAgain(context, record, inputs));
    if (analysis === undefined) {
        throw new UsageError(`The tables analysis ${hash} was made from are not in this lake any more.`);
    }
    const meta = reportMeta(analysis, record.meta);
    if (meta.hash !== hash) {
        throw new UsageError(
            `The inputs of ${hash} give ${meta.hash} now: this version of Cartlake computes otherwise. Replay it with the version that made it.`,
        );
    }
    return renderExperimentJson(analysis, meta);
}

async function computeAgain(
    { graph, engine, blobs }: RecordContext,
    { experimentId, plan }: RecordedAnalysis,
    { refs, tables }: RecordedTables,
): Promise<ExperimentAnalysis | undefined> {
    const files = Object.values(tables).flatMap((table) => table.files);
    const stored = new Set((await blobs.list('marts')).map(({ key }) => key));
    if (files.some((file) => !stored.has(file))) return undefined;
    const inputs = new Map<string, BoundInput>(
        Object.entries(tables).map(([name, table]) => [
            name,
            { kind: 'files', ...table, uniform: true, narrow: undefined },
        ]),
    );
    // A plan that was made up of defaults is made up again; a declared one is the one of then.
    const planRows = plan.declared ? [[plan.experimentId, JSON.stringify(plan)]] : [];
    inputs.set('experiment_plans', { kind: 'values', columns: PLAN_COLUMNS, rows: planRows });
    const rows = new Map<string, readonly Readonly<Record<string, unknown>>[]>();
    for (const ref of refs) {
        const render = (bind: (name: string) => string) => `select * from ${relationSql(graph, ref, bind)} as input`;
        rows.set(ref, await engine.rows({ inputs, render }));
    }
    return analyseAll((ref) => rows.get(ref) ?? []).find((one) => one.experimentId === experimentId);
}

async function readRecord<T>(blobs: BlobStore, key: string): Promise<T | undefined> {
    const text = /^[\w/.-]+$/.test(key) ? await blobs.readText(key) : undefined;
    return text === undefined ? undefined : (JSON.parse(text) as T);
}
