import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createDatabase } from '#adapters/duckdb/database.ts';
import { createDuckdbEngine } from '#adapters/duckdb/engine.ts';
import type { BoundInput, BuildRequest, Statement } from '#core/build/ports.ts';
import { DataError, TransientError } from '#core/errors.ts';
import { testDatabase } from '#test/support/duckdb.ts';
import { createMemoryBlobs } from '#test/support/fakes/memory-blobs.ts';
import { temporaryFolder } from '#test/support/temporary.ts';

const database = testDatabase();

const statement = (sql: string, inputs: Record<string, BoundInput> = {}): Statement => ({
    inputs: new Map(Object.entries(inputs)),
    render: (bind) => sql.replaceAll(/\$(\w+)/g, (_, name: string) => bind(name)),
});

const anEngine = () => createDuckdbEngine(database, createMemoryBlobs());

async function build(sql: string, request: Partial<BuildRequest> = {}) {
    const folder = await temporaryFolder();
    const table = await anEngine().build({
        statement: statement(sql),
        key: ['id'],
        byDate: undefined,
        folder,
        ...request,
    });
    return {
        ...table,
        bytes: (part = 0) => readFile(join(table.folder ?? '', table.parts[part]?.file ?? '')),
    };
}

const DAYS = { column: 'day', ranges: [{ from: '2026-01-01', to: '2027-12-31' }] };

describe('building a table', () => {
    it('writes one file with its rows, columns and hash', async () => {
        const { columns, parts, bytes } = await build(`select * from (values (2, 'b'), (1, 'a')) as t(id, name)`);

        expect(columns).toEqual([
            { name: 'id', type: 'bigint' },
            { name: 'name', type: 'varchar' },
        ]);
        expect(parts).toMatchObject([{ part: 'all', rows: 2, bytes: (await bytes()).length }]);
        expect(parts[0]?.hash).toMatch(/^[0-9a-f]{32}$/);
    });

    it('gives equal bytes for equal rows, in whatever order they are computed', async () => {
        const rows = (order: string) =>
            build(`select i as id, 'name ' || i as name from range(50000) r(i) order by ${order}`);
        const [up, down, hashed] = [await rows('i'), await rows('i desc'), await rows('hash(i)')];

        expect(new Set([up, down, hashed].map(({ parts }) => parts[0]?.hash)).size).toBe(1);
        expect((await up.bytes()).equals(await down.bytes())).toBe(true);
    });

    it('has columns also without rows', async () => {
        const { columns, folder, parts } = await build('select 1::integer as id, current_date as day where false');

        expect({ folder, parts }).toEqual({ folder: undefined, parts: [] });
        expect(columns).toEqual([
            { name: 'id', type: 'bigint' },
            { name: 'day', type: 'date' },
        ]);
    });

    it('writes every type as one that all engines have', async () => {
        const { columns } = await build(
            `select 1::tinyint as id, 2::utinyint as u, 3::hugeint as h, 1.5::float as f, 1.5::decimal(9,1) as d, true as b,
             current_date as day, now()::timestamp as t, now()::timestamp_s as s, 'x' as v`,
        );

        expect(Object.fromEntries(columns.map(({ name, type }) => [name, type]))).toEqual({
            id: 'bigint',
            u: 'bigint',
            h: 'bigint',
            f: 'double',
            d: 'decimal(18,2)',
            b: 'boolean',
            day: 'date',
            t: 'timestamp',
            s: 'timestamp',
            v: 'varchar',
        });
    });

    it.each(['[1, 2]', 'now()', "interval '1 day'", '1.234::decimal(9,3)', 'uuid()', "{'a': 1}"])(
        'refuses %s, a type that not every engine has',
        async (expression) => {
            await expect(build(`select 1 as id, ${expression} as odd`)).rejects.toThrow(DataError);
            await expect(build(`select 1 as id, ${expression} as odd`)).rejects.toThrow(
                /Column odd has type .*\. Expected bigint, double, .*: cast it in the model\./,
            );
        },
    );

    it('says what is wrong with a statement', async () => {
        await expect(build('select nothing from nowhere')).rejects.toThrow(DataError);
        await expect(build('select nothing from nowhere')).rejects.toThrow(
            'The statement cannot be computed: Catalog Error',
        );
        await expect(build(`select cast('x' as bigint) as id`)).rejects.toThrow('Conversion Error');
        await expect(build('select * from $other')).rejects.toThrow('The statement reads other, which is not bound.');
        await expect(build('select * from $other')).rejects.toThrow(DataError);
    });

    it('leaves nothing behind for the next', async () => {
        await expect(build('select 1 as other')).rejects.toThrow('id');
        expect((await build('select 1 as id')).parts).toHaveLength(1);
        const left = await database.session((session) => session.rows('from duckdb_tables()'));
        expect(left).toEqual([]);
    });
});

describe('building by date', () => {
    it('writes one file a date, and keeps only the dates asked for', async () => {
        const sql = `select i as id, date '2026-01-01' + (i % 3)::integer as day from range(9) r(i)`;
        const { parts } = await build(sql, {
            byDate: { column: 'day', ranges: [{ from: '2026-01-02', to: '2026-01-03' }] },
        });

        expect(parts.map(({ part, rows, file }) => [part, rows, file])).toEqual([
            ['2026-01-02', 3, 'day=2026-01-02/data_0.parquet'],
            ['2026-01-03', 3, 'day=2026-01-03/data_0.parquet'],
        ]);
    });

    it('keeps the date in the file', async () => {
        const { folder, parts } = await build(`select 1 as id, date '2026-01-02' as day`, { byDate: DAYS });
        const rows = await database.session((session) =>
            session.rows(`from read_parquet('${folder}/${parts[0]?.file}', hive_partitioning = false)`),
        );

        expect(rows).toEqual([{ id: 1, day: '2026-01-02' }]);
    });

    it('loses no row of many dates with rows of many sizes', async () => {
        const sql = `select row_number() over () as id, date '2026-01-01' + day::integer as day
                     from range(400) d(day), range(1, 3000) n(n) where n <= 1 + (day * 37) % 1500`;
        const { parts } = await build(sql, { byDate: DAYS });
        const expected = Array.from({ length: 400 }, (_, day) => 1 + ((day * 37) % 1500));

        expect(parts).toHaveLength(400);
        expect(parts.map(({ rows }) => rows).reduce((sum, rows) => sum + rows)).toBe(
            expected.reduce((sum, n) => sum + n),
        );
        expect(new Set(parts.map(({ part }) => part)).size).toBe(400);
    });

    it('says the columns where there is no date to build, and computes nothing', async () => {
        const sql = `select i as id, date '2026-01-01' as day, cast(error('computed') as varchar) as name from range(9) r(i)`;

        expect(await build(sql, { byDate: { column: 'day', ranges: [] } })).toMatchObject({
            columns: [
                { name: 'id', type: 'bigint' },
                { name: 'day', type: 'date' },
                { name: 'name', type: 'varchar' },
            ],
            folder: undefined,
            parts: [],
        });
    });

    it('gives equal bytes for a date whether it is built alone or with others', async () => {
        const sql = `select i as id, date '2026-01-01' + (i % 5)::integer as day, 'x' || i as name from range(20000) r(i)`;
        const together = await build(sql, { byDate: DAYS });
        const alone = await build(sql, {
            byDate: { column: 'day', ranges: [{ from: '2026-01-03', to: '2026-01-03' }] },
        });

        expect(alone.parts[0]?.hash).toBe(together.parts[2]?.hash);
    });

    it('keeps the order of rows, and with it the bytes, wherever a date begins in the table', async () => {
        const sql = `select row_number() over () as id, date '2026-01-01' + day::integer as day
                     from range(400) d(day), range(1, 3000) n(n) where n <= 1 + (day * 37) % 1500`;
        const together = await build(sql, { byDate: DAYS });
        const later = await build(sql, {
            byDate: { column: 'day', ranges: [{ from: '2026-03-02', to: '2027-12-31' }] },
        });
        const hashes = new Map(together.parts.map(({ part, hash }) => [part, hash]));
        const unsorted = await database.session((session) =>
            session.rows(
                `select day from (select day, id < lag(id) over (partition by day order by file_row_number) as is_late
                 from read_parquet('${together.folder}/*/*.parquet', hive_partitioning = false, file_row_number = true))
                 where is_late`,
            ),
        );

        expect(unsorted).toEqual([]);
        expect(later.parts).toHaveLength(340);
        expect(later.parts.filter(({ part, hash }) => hashes.get(part) !== hash)).toEqual([]);
    });

    it('gives equal bytes by one thread and by several', async () => {
        const sql = `select i as id, date '2026-01-01' + (i % 40)::integer as day, 'x' || hash(i) as name
                     from range(49000) r(i) order by hash(i)`;
        const byThreads = async (threads: number) => {
            const own = createDatabase({ temporary: await temporaryFolder(), threads });
            const request = { key: ['id'], byDate: DAYS, folder: await temporaryFolder() };
            const { parts } = await createDuckdbEngine(own, createMemoryBlobs()).build({
                statement: statement(sql),
                ...request,
            });
            own.close();
            return parts.map(({ hash }) => hash);
        };

        expect(await byThreads(4)).toEqual(await byThreads(1));
    });

    it('drops rows without a date: they belong to none that was asked for', async () => {
        const sql = `select 1 as id, date '2026-01-02' as day union all select 2, null`;

        expect((await build(sql, { byDate: DAYS })).parts).toMatchObject([{ rows: 1 }]);
    });

    it('keeps the number of threads it was given', async () => {
        const single = createDatabase({ temporary: await temporaryFolder(), threads: 1 });
        await createDuckdbEngine(single, createMemoryBlobs()).build({
            statement: statement(`select 1 as id, date '2026-01-02' as day`),
            key: ['id'],
            byDate: DAYS,
            folder: await temporaryFolder(),
        });
        const [row] = await single.session((session) => session.rows("select current_setting('threads') as threads"));
        single.close();

        expect(row).toEqual({ threads: 1 });
    });
});

describe('rows', () => {
    it('come as JSON would hold them', async () => {
        const [row] = await anEngine().rows(
            statement(`select 42::bigint as whole, 9007199254740993::bigint as wide, 1.50::decimal(18,2) as money, 0.5::double as share,
                true as yes, date '2026-01-02' as day, timestamp '2026-01-02 03:04:05.678' as instant, null::bigint as nothing, 'ä' as text,
                (sum(1))::hugeint as total`),
        );

        expect(row).toEqual({
            whole: 42,
            wide: '9007199254740993',
            money: '1.50',
            share: 0.5,
            yes: true,
            day: '2026-01-02',
            instant: '2026-01-02 03:04:05.678',
            nothing: null,
            text: 'ä',
            total: 1,
        });
    });

    it('are read from values and from nothing', async () => {
        const values: BoundInput = {
            kind: 'values',
            columns: [
                { name: 'name', type: 'varchar' },
                { name: 'ends_at', type: 'timestamp' },
            ],
            rows: [["it's", '2026-01-02T03:04:05.678Z']],
        };

        expect(await anEngine().rows(statement('select * from $v as v', { v: values }))).toEqual([
            { name: "it's", ends_at: '2026-01-02 03:04:05.678' },
        ]);
        const none = { ...values, rows: [] };
        expect(
            await anEngine().rows(statement('select count(*) as n, max(ends_at) as t from $v as v', { v: none })),
        ).toEqual([{ n: 0, t: null }]);
    });

    it('are read from files, narrowed to ranges of dates', async () => {
        const blobs = createMemoryBlobs();
        const path = join(await temporaryFolder(), 'f.parquet');
        await database.session((session) =>
            session.run(
                `copy (select i as id, timestamp '2026-01-01 23:59:59' + to_days(i::integer) as happened_at from range(10) r(i)) to '${path}' (format parquet)`,
            ),
        );
        await blobs.put('staging/f.parquet', path);
        const input = (ranges: { from: string; to: string }[]): BoundInput => ({
            kind: 'files',
            files: ['staging/f.parquet'],
            uniform: true,
            columns: [],
            narrow: { column: 'happened_at', ranges },
        });
        const engine = createDuckdbEngine(database, blobs);
        const ids = async (ranges: { from: string; to: string }[]) =>
            (await engine.rows(statement('select id from $f as f order by id', { f: input(ranges) }))).map(
                ({ id }) => id,
            );

        expect(
            await ids([
                { from: '2026-01-02', to: '2026-01-03' },
                { from: '2026-01-10', to: '2026-02-01' },
            ]),
        ).toEqual([1, 2, 9]);
        expect(await ids([])).toEqual([]);
    });

    it('of files with different columns are joined by name', async () => {
        const blobs = createMemoryBlobs();
        for (const [name, sql] of [
            ['a', 'select 1 as id, 2 as extra'],
            ['b', 'select 3 as id'],
        ]) {
            const path = join(await temporaryFolder(), 'f.parquet');
            await database.session((session) => session.run(`copy (${sql}) to '${path}' (format parquet)`));
            await blobs.put(`${name}.parquet`, path);
        }
        const input: BoundInput = {
            kind: 'files',
            files: ['a.parquet', 'b.parquet'],
            uniform: false,
            columns: [],
            narrow: undefined,
        };

        expect(await createDuckdbEngine(database, blobs).rows(statement('from $f order by id', { f: input }))).toEqual([
            { id: 1, extra: 2 },
            { id: 3, extra: null },
        ]);
    });
});

it('writes CSV that tells null from the empty text', async () => {
    const path = join(await temporaryFolder(), 'rows.csv');
    const columns = [
        { name: 'id', type: 'bigint' },
        { name: 'name', type: 'varchar' },
        { name: 'amount', type: 'decimal(18,2)' },
    ] as const;
    const rows = await anEngine().csv(
        statement(`select * from (values (1.5, '', 1), (null, null, 2), (0, 'a "b",\nc', 3)) as t(amount, name, id)`),
        columns,
        path,
    );

    expect(rows).toBe(3);
    expect(await readFile(path, 'utf8')).toBe('1,"",1.5\n2,,\n3,"a ""b"",\nc",0.0\n');
});

describe('writing rows that a program returns', () => {
    const columns = [
        { name: 'id', type: 'bigint' },
        { name: 'name', type: 'varchar' },
        { name: 'at', type: 'timestamp' },
    ] as const;

    it('types them, sorted by key', async () => {
        const folder = await temporaryFolder();
        const table = await anEngine().write(
            [
                { id: 2, name: 'b "q"\n', at: '2026-01-01 10:00:00' },
                { id: 1, name: null },
            ],
            columns,
            ['id'],
            folder,
        );
        const rows = await database.session((session) =>
            session.rows(`from '${table.folder}/${table.parts[0]?.file}'`),
        );

        expect(table.columns).toEqual(columns);
        expect(rows).toEqual([
            { id: 1, name: null, at: null },
            { id: 2, name: 'b "q"\n', at: '2026-01-01 10:00:00' },
        ]);
    });

    it('may be none', async () => {
        const table = await anEngine().write([], columns, ['id'], await temporaryFolder());

        expect(table).toEqual({ columns, folder: undefined, parts: [] });
    });

    it('refuses a value that does not fit its type', async () => {
        await expect(anEngine().write([{ id: 'x' }], columns, ['id'], await temporaryFolder())).rejects.toThrow(
            DataError,
        );
    });
});

describe('a database with little memory', () => {
    it('says how to give it more', async () => {
        const small = createDatabase({ temporary: '/nowhere/at/all', memory: 30 << 20, threads: 1 });
        const work = small.session((session) => session.rows('select list(i) from range(20000000) r(i)'));

        await expect(work).rejects.toThrow(TransientError);
        await expect(work).rejects.toThrow('Raise CARTLAKE_MEMORY_MB and run the same command again.');
        small.close();
    });
});

describe('sessions', () => {
    it('take turns, and one that fails does not stop the next', async () => {
        const order: string[] = [];
        const turn = (name: string, fails: boolean) =>
            database.session(async (session) => {
                order.push(`${name} begins`);
                await session.rows('select 1');
                order.push(`${name} ends`);
                if (fails) throw new Error('broken');
            });
        const results = await Promise.allSettled([turn('a', false), turn('b', true), turn('c', false)]);

        expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
        expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    });

    it('keep their temporary tables to themselves', async () => {
        await database.session((session) => session.run('create temp table mine as select 1 as n'));

        await expect(database.session((session) => session.rows('from mine'))).rejects.toThrow('mine');
    });
});

describe('the inputs of a statement', () => {
    it('are opened only where the statement reads them, once each', async () => {
        const blobs = createMemoryBlobs();
        const opened: (readonly string[])[] = [];
        const watched = {
            ...blobs,
            open: (keys: readonly string[]) => {
                opened.push(keys);
                return blobs.open(keys);
            },
        };
        const files = (file: string): BoundInput => ({
            kind: 'files',
            files: file === 'none' ? [] : [file],
            uniform: true,
            columns: [{ name: 'id', type: 'bigint' }],
            narrow: undefined,
        });
        const inputs = { read: files('none'), unread: files('marts/large.parquet') };
        const rows = await createDuckdbEngine(database, watched).rows(
            statement('select count(*) as n from $read a join $read b using (id)', inputs),
        );

        expect(rows).toEqual([{ n: 0 }]);
        expect(opened).toEqual([[]]);
    });
});
