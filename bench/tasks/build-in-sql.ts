import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createDatabase, type Session } from '#adapters/duckdb/database.ts';
import { PRELUDE } from '#adapters/duckdb/prelude.ts';
import { relationText } from '#adapters/duckdb/relation.ts';
import { stagedColumns } from '#core/build/relations.ts';
import { DataError } from '#core/errors.ts';
import { checkSql } from '#core/models/check-sql.ts';
import type { ModelGraph } from '#core/models/graph.ts';
import type { Model, TypeScriptModel } from '#core/models/model.ts';
import { type Bind, relationSql, renderSql } from '#core/models/render.ts';
import { loadProject, PROJECT_ROOT, type Project } from '#embedded/project.ts';
import { startClock } from '../cost.ts';
import type { Cost } from '../samples.ts';
import { publishByCopy } from './publish-by-copy.ts';

export interface BuildInput {
    /** The lake whose staged files are read; nothing is written to it. */
    readonly lake: string;
    /** Where tables are written. */
    readonly folder: string;
    readonly postgresUrl: string;
}

/**
 * Builds all tables as a script of SQL would: the models' own statements one after the other, each into a table in
 * memory that the next ones read, then to Parquet (one file a date where the model is by date), then its checks; at
 * the end one transaction of COPYs. From opening DuckDB to the commit.
 */
export async function buildInSql({ lake, folder, postgresUrl }: BuildInput): Promise<Cost> {
    await mkdir(folder, { recursive: true });
    const clock = startClock();
    const project = await loadProject(`${PROJECT_ROOT}/contracts`, `${PROJECT_ROOT}/models`);
    const database = createDatabase({ temporary: join(folder, 'spill'), prelude: PRELUDE });
    await database.session(async (session) => {
        const bind = await bindTo(session, project, lake);
        for (const model of project.graph.models.values()) {
            if (model.kind === 'view') continue;
            await computeTable(session, project.graph, model, bind, folder);
            await writeTable(session, model, folder);
            await checkTable(session, project.graph, model, bind);
        }
        const published = [...project.graph.models.values()].filter(({ publish }) => publish !== undefined);
        await publishByCopy(session, published, folder, postgresUrl);
    });
    const cost = await clock();
    database.close();
    return cost;
}

/** Datasets are their staged files, models are tables of this database. */
async function bindTo(session: Session, { contracts }: Project, lake: string): Promise<Bind> {
    const datasets = new Map<string, string>();
    for (const [dataset, contract] of contracts) {
        const folder = join(lake, 'staging', dataset);
        const empty = { kind: 'files', files: [], uniform: true, narrow: undefined } as const;
        const isThere = await stat(folder).catch(() => undefined);
        datasets.set(
            dataset,
            isThere
                ? `read_parquet('${join(folder, '*', '*', '*.parquet')}')`
                : relationText({ ...empty, columns: stagedColumns(contract) }, []),
        );
    }
    await session.run(`create temp table watermarks as
        select 'events' as relation, max(occurred_at) as ends_at from ${datasets.get('events')}`);
    await session.run(`create temp table contract_parameters as
        select 'events' as dataset, 'price_reading' as name, '${contracts.get('events')?.parameters.price_reading}' as value`);
    await session.run('create temp table experiment_plans (experiment_id varchar, plan varchar)');
    await session.run(`create temp table experiment_exposures as
        select '' as experiment_id, 'default' as exposure, unnest(['view_product', 'pdp_view']) as event_name`);
    return (name) => datasets.get(name) ?? name;
}

async function computeTable(session: Session, graph: ModelGraph, model: Model, bind: Bind, folder: string) {
    if (model.language === 'sql') {
        await session.run(`create temp table ${model.name} as ${renderSql(graph, model.name, bind)}`);
        return;
    }
    const path = join(folder, `${model.name}.ndjson`);
    const rows = await rowsOf(session, graph, model, bind);
    await writeFile(path, rows.map((row) => JSON.stringify(row)).join('\n'));
    const columns = model.columns.map(({ name, type }) => `${name}: '${type}'`).join(', ');
    await session.run(`create temp table ${model.name} as
        select * from read_json('${path}', format = 'newline_delimited', columns = {${columns}})`);
}

/** What is written in TypeScript (statistics) no SQL script could do: it calls the same function. */
async function rowsOf(session: Session, graph: ModelGraph, model: TypeScriptModel, bind: Bind) {
    const inputs = new Map<string, Awaited<ReturnType<Session['rows']>>>();
    for (const ref of model.refs) {
        inputs.set(ref, await session.rows(`select * from ${relationSql(graph, ref, bind)} as input`));
    }
    return model.build({ rows: (ref) => inputs.get(ref) ?? [] });
}

/** Two threads would write two files a date. */
async function writeTable(session: Session, model: Model, folder: string): Promise<void> {
    if (model.kind !== 'by_date') {
        await session.run(`copy ${model.name} to '${join(folder, model.name)}.parquet' (format parquet)`);
        return;
    }
    await session.run('set threads = 1');
    await session.run(`copy ${model.name} to '${join(folder, model.name)}'
        (format parquet, partition_by (${model.dateColumn}), write_partition_columns true)`);
    await session.run('reset threads');
}

async function checkTable(session: Session, graph: ModelGraph, model: Model, bind: Bind): Promise<void> {
    const builtOn = new Date().toISOString().slice(0, 10);
    const context = { graph, model: model.name, thisRelation: model.name, previousRelation: undefined, builtOn, bind };
    for (const check of model.checks) {
        const [row] = await session.rows(checkSql(check, context));
        if (Number(row?.failing) > 0 && check.severity === 'halt') {
            throw new DataError(`${model.name} fails ${check.name}.`);
        }
    }
}
