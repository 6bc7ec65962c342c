import { filesToRead, type TableVersion } from '../catalog/version.ts';
import type { Model } from '../models/model.ts';
import type {
    CsvRows,
    MartDatabase,
    MartPublisher,
    PublishedMart,
    PublishMart,
    UnchangedMart,
} from '../publish/publisher.ts';
import type { MartQuality } from '../publish/quality.ts';
import type { RegisteredObject } from '../registry/registry.ts';
import type { Column } from '../types.ts';
import type { BoundInput, Statement } from './ports.ts';
import { notePublished } from './published.ts';
import { lineageOf, monthsRead } from './published-lineage.ts';
import { qualityOf } from './quality.ts';
import { requireOwner } from './requests.ts';
import { type RunFiles, runFiles } from './run.ts';
import type { StepContext } from './steps.ts';
import { type WrittenAhead, writeAhead } from './written-ahead.ts';

export interface PublishContext extends StepContext {
    readonly publisher: MartPublisher;
    /** Streams a file of a scratch folder. */
    readText(path: string): CsvRows;
}

/**
 * Publishes every table whose current version the database does not have, in one transaction. Only rows that differ
 * from what is published travel, where the published version is still known. Of the other tables it is noted how fresh
 * and complete they are now. Throws ConflictError when another build took over.
 */
export async function publishRun(context: PublishContext, runId: string): Promise<PublishedMart[]> {
    await requireOwner(context.control, runId);
    return context.publisher.connected((database) => publishTo(database, context, runId));
}

async function publishTo(database: MartDatabase, context: PublishContext, runId: string): Promise<PublishedMart[]> {
    const files = runFiles(context.blobs, context.control, runId);
    const objectsOf = onceEach(files.objects);
    // The connection is made while the lake is read.
    const [published, tables] = await Promise.all([database.currentVersions(), tablesOf(context, files, objectsOf)]);
    const folder = await context.blobs.scratch();
    const ahead = writeAhead();
    try {
        const marts: PublishMart[] = [];
        const unchanged: UnchangedMart[] = [];
        for (const { model, table, next, quality } of tables) {
            const found = published.get(table);
            if (found === next.content) {
                unchanged.push({ table, versionId: found, quality });
                continue;
            }
            const base = await publishedVersion(context, model, found);
            const mart = martOf(context, model, next, { found, base }, { folder, ahead });
            marts.push({ ...mart, quality, lineage: lineageOf(context.graph, model, next) });
        }
        const datasets = await datasetsOf(context, marts, objectsOf);
        const done = await database.publish({ runId, marts, unchanged, datasets });
        // What the database had already is noted too: a crash may have come between publishing and noting.
        const versions = marts.map((mart) => [mart.table, mart.versionId] as const);
        await notePublished(context.control, Object.fromEntries([...published, ...versions]));
        return done;
    } finally {
        await ahead.end();
        await context.removeScratch(folder);
    }
}

/** A table to be published, as it stands now. */
interface PublishedTable {
    readonly model: Model;
    readonly table: string;
    readonly next: TableVersion;
    readonly quality: MartQuality;
}

async function tablesOf(context: PublishContext, files: RunFiles, objectsOf: ObjectsOf): Promise<PublishedTable[]> {
    const [totals, halted] = await Promise.all([context.ledger.totals(), files.halted()]);
    const facts = { objectsOf, totals, halted: halted.map(({ model }) => model) };
    const tables: PublishedTable[] = [];
    for (const model of context.graph.models.values()) {
        const table = model.publish;
        const next = table === undefined ? undefined : await context.catalog.current(model.name);
        if (table === undefined || !next) continue;
        tables.push({ model, table, next, quality: await qualityOf(context, facts, next) });
    }
    return tables;
}

type ObjectsOf = (dataset: string) => Promise<readonly RegisteredObject[]>;

/** Several marts read the same datasets, whose lists of objects are long. */
function onceEach(objects: ObjectsOf): ObjectsOf {
    const asked = new Map<string, ReturnType<ObjectsOf>>();
    return (dataset) => {
        const found = asked.get(dataset) ?? objects(dataset);
        asked.set(dataset, found);
        return found;
    };
}

async function datasetsOf({ contracts }: PublishContext, marts: readonly PublishMart[], objectsOf: ObjectsOf) {
    const names = new Set(marts.flatMap(({ lineage }) => lineage?.reads ?? []).map(({ dataset }) => dataset));
    const known = [...contracts.values()].filter(({ dataset }) => names.has(dataset));
    const months = known.map(async (contract) => monthsRead(contract, await objectsOf(contract.dataset)));
    return (await Promise.all(months)).flat();
}

/** The version with the published content, if the catalog still has it under the same columns. */
async function publishedVersion(
    { catalog }: PublishContext,
    model: Model,
    content: string | undefined,
): Promise<TableVersion | undefined> {
    const pointer = content === undefined ? undefined : await catalog.pointer(model.name);
    for (const { version } of pointer?.history.slice(0, 10) ?? []) {
        const known = await catalog.version(model.name, version);
        if (known?.content === content) return known;
    }
    return undefined;
}

/** Its rows are computed while the database takes in those of the tables before it. */
function martOf(
    context: PublishContext,
    model: Model,
    next: TableVersion,
    { found, base }: { found: string | undefined; base: TableVersion | undefined },
    { folder, ahead }: { folder: string; ahead: WrittenAhead },
): PublishMart {
    const mart = {
        table: model.publish as string,
        purpose: model.purpose,
        columns: next.columns,
        key: model.key,
        versionId: next.content,
    };
    const write = (statement: Statement, columns: readonly Column[], name: string) => {
        const path = `${folder}/${mart.table}.${name}.csv`;
        return ahead.rows(
            () => context.engine.csv(statement, columns, path),
            () => context.readText(path),
        );
    };
    if (!base || JSON.stringify(base.columns) !== JSON.stringify(next.columns)) {
        const rows = write(statementOf({ next: partsOf(next) }, 'select * from $next'), next.columns, 'rows');
        return { ...mart, change: { kind: 'full', rows, replaces: found ?? null } };
    }
    const differing = new Set(
        [...Object.keys(base.parts), ...Object.keys(next.parts)].filter(
            (part) => base.parts[part]?.hash !== next.parts[part]?.hash,
        ),
    );
    const inputs = { next: partsOf(next, differing), base: partsOf(base, differing) };
    const key = model.key.map((name) => `"${name}"`).join(', ');
    const keyColumns = model.key.map((name) => next.columns.find((column) => column.name === name) as Column);
    return {
        ...mart,
        change: {
            kind: 'delta',
            baseVersionId: base.content,
            upserts: write(
                statementOf(inputs, 'select * from $next except select * from $base'),
                next.columns,
                'upserts',
            ),
            deletes: write(
                statementOf(inputs, `select ${key} from $base except select ${key} from $next`),
                keyColumns,
                'deletes',
            ),
        },
    };
}

function partsOf(version: TableVersion, only?: ReadonlySet<string>): BoundInput {
    return {
        kind: 'files',
        files: filesToRead(version, only && ((name) => only.has(name))),
        uniform: true,
        columns: version.columns,
        narrow: undefined,
    };
}

/** A statement over `$name` relations. */
function statementOf(inputs: Readonly<Record<string, BoundInput>>, sql: string): Statement {
    return {
        inputs: new Map(Object.entries(inputs)),
        render: (bind) => sql.replaceAll(/\$(\w+)/g, (_, name: string) => `${bind(name)} as "${name}"`),
    };
}
