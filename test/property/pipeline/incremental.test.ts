import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays } from '#core/build/dates.ts';
import { testDatabase } from '#test/support/duckdb.ts';
import { aModel, aTinyLake, type EventRow, type TinyLake } from '#test/support/tiny-lake.ts';

const database = testDatabase();

/** A chain with every kind of dependence: by date, a window back and ahead, everything before, a table, a watermark. */
const MODELS = [
    aModel(
        'daily',
        'kind: by_date\ndate: day',
        `select id, cast(happened_at as date) as day, max(amount) as amount from {{ ref('events') }} group by 1, 2`,
    ),
    aModel(
        'windowed',
        'kind: by_date\ndate: day\nlookback: 2\nlookahead: 1\nwatermark: events',
        `select d.id, d.day, sum(e.amount) as around, max(least(w.ends_at, cast(date_add('day', 2, d.day) as timestamp))) as seen_until
from {{ ref('daily') }} as d
join {{ ref('daily') }} as e on e.day between date_add('day', -2, d.day) and date_add('day', 1, d.day)
cross join {{ ref('watermarks') }} as w
group by d.id, d.day`,
    ),
    aModel(
        'running',
        'kind: by_date\ndate: day\nlookback: all',
        `select d.id, d.day, sum(e.amount) as so_far
from {{ ref('daily') }} as d
join {{ ref('daily') }} as e on e.day <= d.day
group by d.id, d.day`,
    ),
    aModel(
        'total',
        'kind: table',
        `select cast(1 as bigint) as id, sum(amount) as amount, count(*) as n from {{ ref('running') }} cross join (select sum(around) as amount from {{ ref('windowed') }}) as w`,
    ),
];

const row = fc
    .record({
        day: fc.integer({ min: 0, max: 8 }),
        id: fc.integer({ min: 0, max: 3 }),
        hour: fc.integer({ min: 0, max: 23 }),
        amount: fc.integer({ min: 1, max: 3 }),
    })
    .map(
        ({ day, id, hour, amount }): EventRow => [
            day * 10 + id,
            `${addDays('2026-01-01', day)} ${String(hour).padStart(2, '0')}:00:00`,
            amount,
        ],
    );
const landing = fc.array(row, { minLength: 1, maxLength: 4 });

async function contents(lake: TinyLake): Promise<Record<string, unknown>> {
    const found: Record<string, unknown> = {};
    for (const name of lake.context.graph.models.keys()) {
        found[name] = { rows: await lake.rows(name), content: (await lake.context.catalog.current(name))?.content };
    }
    return found;
}

describe('any sequence of landings and builds', () => {
    it('ends with the tables that one build of everything gives, and then with nothing to do', async () => {
        await fc.assert(
            fc.asyncProperty(
                fc.array(landing, { minLength: 1, maxLength: 4 }),
                fc.boolean(),
                async (landings, isReversed) => {
                    const stepwise = await aTinyLake(database, { models: MODELS });
                    const objects = landings.map((rows, index) => ({ id: `object-${index}`, rows }));
                    for (const { id, rows } of objects) {
                        await stepwise.land(id, rows);
                        await stepwise.build();
                    }
                    const atOnce = await aTinyLake(database, { models: MODELS });
                    for (const { id, rows } of isReversed ? objects.toReversed() : objects) await atOnce.land(id, rows);
                    await atOnce.build();

                    expect(await contents(stepwise)).toEqual(await contents(atOnce));
                    expect((await stepwise.build()).plan.models).toEqual([]);
                },
            ),
            { numRuns: 8 },
        );
    });
});
