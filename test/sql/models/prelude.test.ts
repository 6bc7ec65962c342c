import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PRELUDE } from '#adapters/duckdb/prelude.ts';

let connection: DuckDBConnection;

beforeAll(async () => {
    const instance = await DuckDBInstance.create(':memory:');
    const first = await instance.connect();
    for (const statement of PRELUDE) await first.run(statement);
    first.closeSync();
    connection = await instance.connect();
});
afterAll(() => connection.closeSync());

/** What Trino answers, as text. */
const CASES: readonly (readonly [expression: string, answer: string | null])[] = [
    ["date_add('day', 7, timestamp '2024-02-28 10:00:00')", '2024-03-06 10:00:00'],
    ["date_add('day', -1, date '2024-03-01')", '2024-02-29'],
    ["date_add('month', 1, date '2024-01-31')", '2024-02-29'],
    ["date_add('quarter', 1, date '2024-01-31')", '2024-04-30'],
    ["date_add('WEEK', 2, date '2024-01-01')", '2024-01-15'],
    ["date_add('year', 1, date '2024-02-29')", '2025-02-28'],
    ["date_add('millisecond', 5, timestamp '2024-01-01')", '2024-01-01 00:00:00.005'],
    ["date_add('second', 61, timestamp '2024-01-01')", '2024-01-01 00:01:01'],
    ["date_add('minute', 61, timestamp '2024-01-01')", '2024-01-01 01:01:00'],
    ["date_add('hour', 25, timestamp '2024-01-01')", '2024-01-02 01:00:00'],
    ["date_diff('day', timestamp '2024-01-01 10:00:00', timestamp '2024-01-02 09:00:00')", '0'],
    ["date_diff('day', date '2024-02-28', date '2024-03-01')", '2'],
    ["date_diff('second', timestamp '2024-01-01 00:00:00.9', timestamp '2024-01-01 00:00:02')", '1'],
    ["date_trunc('month', date '2024-03-15')", '2024-03-01'],
    ["date_trunc('hour', timestamp '2024-03-15 10:59:00')", '2024-03-15 10:00:00'],
    ["date_format(timestamp '2024-12-30 05:06:07', '%Y-%m-%d %H:%i:%s %x-%v')", '2024-12-30 05:06:07 2025-01'],
    [
        "cast(at_timezone(from_iso8601_timestamp('2024-03-01T10:00:00+02:00'), 'UTC') as timestamp)",
        '2024-03-01 08:00:00',
    ],
    [
        "cast(at_timezone(with_timezone(timestamp '2024-07-01 10:00:00', 'UTC'), 'Europe/Berlin') as timestamp)",
        '2024-07-01 12:00:00',
    ],
    ["from_iso8601_date('2024-03-01')", '2024-03-01'],
    ["to_unixtime(timestamp '1970-01-01 00:00:01.5')", '1.5'],
    ['cast(from_unixtime(86400) as timestamp)', '1970-01-02 00:00:00'],
    ["day_of_week(date '2024-03-03')", '7'],
    ["day_of_month(date '2024-03-03')", '3'],
    ["day_of_year(date '2024-03-01')", '61'],
    ["year_of_week(date '2024-12-30')", '2025'],
    ["last_day_of_month(date '2024-02-03')", '2024-02-29'],
    ['greatest(1, 2)', '2'],
    ['greatest(1, null)', null],
    ['least(1, 2)', '1'],
    ['least(null, 2)', null],
    ['7 / 2', '3'],
    ['truncate(-1.5)', '-1'],
    ["is_nan(cast('NaN' as double))", 'true'],
    ["is_finite(cast('Infinity' as double))", 'false'],
    ["regexp_like('a1', '[0-9]')", 'true'],
    ['json_extract_scalar(\'{"a": {"b": 1}}\', \'$.a.b\')', '1'],
    ['json_extract_scalar(\'{"a": {"b": 1}}\', \'$.a\')', null],
    ["json_extract_scalar('not json', '$.a')", null],
    ['cardinality(array[1, 2])', '2'],
    ['element_at(array[1, 2], 3)', null],
    ["array_join(array['a', 'b'], ',')", 'a,b'],
];

describe("the dialect's macros on DuckDB answer as Trino does", () => {
    it.each(CASES)('%s', async (expression, answer) => {
        expect(await answerTo(`select cast(${expression} as varchar)`)).toBe(answer);
    });

    it('for aggregates that are approximate there', async () => {
        const query = (expression: string) => `select cast(${expression} as varchar) from range(5) t(n)`;

        expect(await answerTo(query('approx_distinct(n % 2)'))).toBe('2');
        expect(await answerTo(query('approx_percentile(n, 0.5)'))).toBe('2.0');
    });

    it('and puts nulls last', async () => {
        expect(await answerTo('select cast(n as varchar) from (values (null), (1)) t(n) order by n limit 1')).toBe('1');
    });

    it('in every connection, in UTC', async () => {
        expect(await answerTo("select current_setting('TimeZone')")).toBe('UTC');
    });

    it('but refuses a unit of time that Trino does not know', async () => {
        await expect(connection.run("select date_add('fortnight', 1, date '2024-01-01')")).rejects.toThrow(
            'date_add: unknown unit fortnight',
        );
    });
});

async function answerTo(sql: string): Promise<unknown> {
    return (await connection.runAndReadAll(sql)).getRowsJson()[0]?.[0];
}
