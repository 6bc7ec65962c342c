import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { selectRows } from '#adapters/postgres/query.ts';
import { filesOf } from '#core/catalog/version.ts';
import type { LedgerEntry } from '#core/ledger/entry.ts';
import { compileModels } from '#core/models/compile.ts';
import { createRuntime, type Runtime } from '#embedded/runtime.ts';
import { emptyLake, removeLake } from '#test/e2e/lake.ts';
import { MODELS, OBJECTS } from '#test/support/chaos/objects.ts';
import { runSchedule } from '#test/support/chaos/run.ts';
import { CONTRACTS } from '#test/support/chaos/world.ts';

/** The models of the chaos suite, whose stand-in knows them by a sentence, in SQL. */
const SQL: Readonly<Record<string, string>> = {
    'models/fct_events.sql': `select id, day, product, amount from {{ ref('events') }} group by id, day, product, amount`,
    'models/daily.sql': `with days as (
            select day, count(*) as events, cast(sum(amount) as bigint) as amount
            from {{ ref('fct_events') }} group by day
        )
        select d.day, d.events, d.amount, coalesce(b.amount, 0) as before
        from days as d left join days as b on b.day = cast(date_add('day', -1, d.day) as date)`,
    'models/by_product.sql': `select e.product, coalesce(max(p.name), 'unknown') as name,
            cast(sum(e.amount) as bigint) as amount
        from {{ ref('fct_events') }} as e left join {{ ref('products') }} as p on p.product = e.product
        group by e.product`,
    'models/balance.sql': `select account, cast(sum(amount) as bigint) as amount
        from {{ ref('payments') }} group by account`,
    'models/balance.checks.sql': `-- check: balances\nselect * from {{ ref('this') }} where amount <> 0\n`,
};

/** The header of a model stays; what follows is SQL. */
const FILES = MODELS.map(({ name, text }) => {
    const header = text.includes('--- */\n') ? text.slice(0, text.indexOf('--- */\n') + '--- */\n'.length) : '';
    return { name, text: header + SQL[name] };
});

const NAMES = Object.keys(OBJECTS).sort();
const PUBLISHED = ['daily', 'by_product', 'balance'];

/** What Stage found in an object, as far as it does not name places. */
function found({ state, staged, reason }: Pick<LedgerEntry, 'state' | 'staged' | 'reason'>): unknown {
    if (state === 'rejected') return { state, reason };
    const { rows, reasons, dates, newest } = staged ?? {};
    return { state, rows, reasons, dates, newest };
}

let lake: string;
let runtime: Runtime;
let stateOfStandIns: Readonly<Record<string, unknown>>;

beforeAll(async () => {
    const deliveries = NAMES.map((object, index) => ({ object, at: 1_000_000 + index, process: 0 }));
    stateOfStandIns = (await runSchedule({ deliveries, sweeps: [], turns: [], faults: [] }, () => undefined)).state;

    lake = await emptyLake();
    const graph = compileModels({
        files: FILES,
        typescriptModels: [],
        datasets: [...CONTRACTS.keys()],
        dateDatasets: ['events'],
    });
    runtime = await createRuntime({ lake, project: { contracts: CONTRACTS, graph, experiments: new Map() } });
    await mkdir(join(lake, 'files'));
    for (const name of NAMES) {
        const { key, content } = OBJECTS[name] as { key: string; content: string };
        await writeFile(join(lake, 'files', name), content);
        await runtime.deliver([await runtime.context.landing.land(key, join(lake, 'files', name))]);
        await runtime.settle();
    }
});
afterAll(async () => {
    await runtime.close();
    await removeLake(lake);
});

describe('the stand-ins of the chaos suite for DuckDB and PostgreSQL', () => {
    it('find in each file what DuckDB finds', async () => {
        const entries = await Array.fromAsync(runtime.context.ledger.all());
        expect(entries).toHaveLength(NAMES.length);
        for (const entry of entries) {
            const expected = stateOfStandIns[`object ${entry.object.key}`] as { at: LedgerEntry['state'] };
            expect(found({ ...expected, state: expected.at } as never), entry.object.key).toEqual(found(entry));
        }
    });

    it('compute the rows that DuckDB computes', async () => {
        const { catalog, engine } = runtime.context;
        const version = await catalog.current('fct_events');
        const files = Object.values(version?.parts ?? {}).flatMap(filesOf);
        const inputs = new Map([
            [
                'table',
                { kind: 'files', files, uniform: true, columns: version?.columns ?? [], narrow: undefined } as const,
            ],
        ]);
        const select = 'cast(id as varchar), cast(day as varchar), cast(product as varchar), cast(amount as varchar)';
        const rows = await engine.rows({
            inputs,
            render: (bind) => `select ${select} from ${bind('table')} order by id`,
        });
        const { rows: expected } = stateOfStandIns['mart fct_events'] as { rows: Record<string, unknown>[] };

        expect(rows.map((row) => Object.values(row))).toEqual(
            expected
                .toSorted((a, b) => Number(a.id) - Number(b.id))
                .map(({ id, day, product, amount }) => [id, day, product, amount].map(String)),
        );
    });

    it.each(PUBLISHED)('publish the rows of %s that PostgreSQL shows', async (table) => {
        const { rows } = await selectRows(await runtime.database.url(), `select * from marts.${table}`);
        const { rows: expected } = stateOfStandIns[`published ${table}`] as { rows: unknown[][] };

        expect(rows.length).toBeGreaterThan(0);
        expect(rows.map(String).sort()).toEqual(expected.map(String).sort());
    });
});
