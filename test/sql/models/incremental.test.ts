import type { DuckDBConnection } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SqlModel } from '#core/models/model.ts';
import { renderSql } from '#core/models/render.ts';
import { CONTRACTS, compileProject, openProject, rowsOf } from './project.ts';

const graph = compileProject();
const byDate = [...graph.models.values()].filter(
    (model): model is SqlModel => model.language === 'sql' && model.kind === 'by_date',
);
/** Date sets the engine may build at once: one, neighbours, and two with a gap their windows leave open. */
const DATE_SETS = [['2024-03-05'], ['2024-03-09', '2024-03-10'], ['2024-03-02', '2024-03-24'], ['2024-03-31']];
let connection: DuckDBConnection;

/** Forty days of a shop, pseudo-random but fixed: repeated rows, sessions over midnight, users without sessions. */
beforeAll(async () => {
    connection = await openProject(graph);
    const at = (salt: number) =>
        `timestamp '2024-03-01' + to_seconds(cast(hash(n * ${salt} + ${salt}) % (40 * 86400) as bigint))`;
    const pick = (salt: number, of: number) => `cast(hash(n * 31 + ${salt}) % ${of} as bigint)`;
    for (const sql of [
        `insert into users by name select n as user_id, case n % 3 when 0 then 'UK' when 1 then 'US' end as country,
            'mobile' as device_type, n % 2 = 0 as is_new_user from range(60) t(n)`,
        `insert into experiment_assignments by name select 'pdp' as experiment_id, n % 50 as user_id,
            case when n % 2 = 0 then 'a' else 'b' end as variant, ${at(3)} as assigned_at from range(51) t(n)`,
        `insert into sessions by name select n as session_id, ${pick(1, 60)} as user_id, ${at(5)} as started_at,
            started_at + to_seconds(${pick(2, 200_000)}) as ended_at, n as _source_row from range(400) t(n)`,
        `insert into events by name select n as event_id, user_id,
            started_at + to_seconds(${pick(3, 200_000)}) as occurred_at, session_id,
            ['session_start', 'view_home', 'view_product', 'view_product', 'add_to_cart', 'purchase'][1 + n % 6] as event_name,
            cast(n as decimal(18, 2)) / 7 as price_paid, n as _source_row
            from range(2500) t(n) join sessions on session_id = ${pick(4, 400)}`,
        "insert into events by name select * exclude _source_uri, 'landing/again.csv' as _source_uri from events where event_id % 10 = 0",
        `insert into order_events by name select 'c' || ${pick(7, 60)} as customer_id, 'p' || ${pick(8, 20)} as product_id,
            ['view_product', 'add_to_cart', 'purchase'][1 + n % 3] as event_name, ${pick(9, 3)} + 1 as quantity,
            ${at(11)} as occurred_at, 'part-' || (n // 100) as _source_version, n % 100 as _source_row from range(1500) t(n)`,
        "insert into order_events by name select * exclude _source_uri, 'landing/again.zip' as _source_uri from order_events where _source_version = 'part-3'",
        "insert into watermarks select 'events', max(occurred_at) from events",
    ]) {
        await connection.run(sql);
    }
    for (const name of graph.components.flat(2)) {
        await connection.run(`insert into ${name} ${renderSql(graph, name, (leaf) => leaf)}`);
    }
});
afterAll(() => connection.closeSync());

describe.each(byDate)('$name, built for some dates only', (model) => {
    it('has rows to compare', async () => {
        expect((await rowsOf(connection, `from ${model.name}`)).length).toBeGreaterThan(20);
    });

    it.each(DATE_SETS)('is the same as built whole: %s %s', async (...dates) => {
        const sql = renderSql(graph, model.name, (leaf, span) =>
            narrowed(leaf, span === 'own' ? { lookback: 0, lookahead: 0 } : model, dates),
        );
        const isBuilt = `${model.dateColumn} in (${dates.map((date) => `date '${date}'`).join(', ')})`;

        const some = await rowsOf(connection, `from (${sql}) where ${isBuilt} order by all`);

        expect(some).toEqual(await rowsOf(connection, `from ${model.name} where ${isBuilt} order by all`));
    });
});

/** What the engine binds: by_date leaves cut to the union of the dates' windows, others whole. */
function narrowed(leaf: string, model: Pick<SqlModel, 'lookback' | 'lookahead'>, dates: readonly string[]): string {
    const column = graph.models.get(leaf)?.dateColumn ?? CONTRACTS.get(leaf)?.dateColumn;
    if (column === undefined) return leaf;
    const windows = dates.map((date) => {
        const from =
            model.lookback === 'all' ? '' : `>= date '${date}' - ${model.lookback} and cast(${column} as date)`;
        return `cast(${column} as date) ${from} <= date '${date}' + ${model.lookahead}`;
    });
    return `(select * from ${leaf} where ${windows.map((window) => `(${window})`).join(' or ')})`;
}
