import { describe, expect, it } from 'vitest';
import type { BoundInput } from '#core/build/ports.ts';
import { DataError, TransientError } from '#core/errors.ts';
import type { Column } from '#core/types.ts';
import { QueryFailed } from '#test/support/athena/executor.ts';
import { anAthenaLake, aRequest, statementOf } from '#test/support/athena/lake.ts';
import { testDatabase } from '#test/support/duckdb.ts';

const database = testDatabase();

describe('rows of a small result', () => {
    it('are typed as other engines type them, page after page', async () => {
        const { engine } = await anAthenaLake(database);
        const rows = await engine.rows(
            statementOf(`select n, cast(n as varchar) as text, cast(n as decimal(18, 2)) as money, n > 2 as flag,
                cast(n as double) / 4 as part, date '2026-01-02' as day, timestamp '2026-01-02 10:00:00.120' as at,
                cast(null as varchar) as nothing, '' as empty from (values (1), (2), (3), (4), (5)) as r (n) order by n`),
        );

        expect(rows).toHaveLength(5);
        expect(rows[4]).toEqual({
            n: 5,
            text: '5',
            money: '5.00',
            flag: true,
            part: 1.25,
            day: '2026-01-02',
            at: '2026-01-02 10:00:00.12',
            nothing: null,
            empty: '',
        });
    });

    it('keep whole numbers that no number holds as text', async () => {
        const { engine } = await anAthenaLake(database);

        expect(await engine.rows(statementOf('select cast(9007199254740993 as bigint) as large'))).toEqual([
            { large: '9007199254740993' },
        ]);
    });

    it('are waited for, longer each time', async () => {
        const { engine, waits } = await anAthenaLake(database);
        await engine.rows(statementOf('select 1 as one'));

        expect(waits).toEqual([250, 375]);
    });

    it('that take too long are given up, and their query is stopped', async () => {
        const { engine, services } = await anAthenaLake(database);
        services.before = () => {
            for (const query of services.queries.values()) query.states.push('RUNNING');
        };
        const rows = engine.rows(statementOf('select 1 as one'));

        await expect(rows).rejects.toThrow(TransientError);
        await expect(rows).rejects.toThrow('took longer than 10 s and was stopped');
        expect([...services.queries.values()].map(({ stopped }) => stopped)).toEqual([true]);
    });

    it('fail as builds do', async () => {
        const { engine, services } = await anAthenaLake(database);
        services.before = (action) => {
            if (action !== 'GetQueryExecution') return;
            for (const query of services.queries.values()) query.failure = new QueryFailed('COLUMN_NOT_FOUND: x');
        };

        await expect(engine.rows(statementOf('select 1 as one'))).rejects.toThrow(DataError);
    });
});

describe('what a statement reads', () => {
    const columns: Column[] = [
        { name: 'id', type: 'bigint' },
        { name: 'at', type: 'timestamp' },
        { name: 'later', type: 'varchar' },
    ];
    const read = (input: BoundInput) => ({
        inputs: new Map<string, BoundInput>([
            ['events', input],
            ['unread', { ...input, kind: 'files', files: ['nowhere.parquet'], columns: [] } as BoundInput],
        ]),
        render: (bind: (name: string) => string) => `select * from ${bind('events')} as input order by id`,
    });

    async function aLakeOfTwoFiles() {
        const lake = await anAthenaLake(database);
        const rows = [
            "select cast(1 as bigint) as id, timestamp '2026-01-01 23:59:59.999' as at",
            "select cast(2 as bigint) as id, timestamp '2026-01-02 00:00:00' as at, 'x' as later",
        ];
        const files: string[] = [];
        for (const [index, sql] of rows.entries()) {
            const folder = await lake.blobs.scratch();
            await database.session((session) => session.run(`copy (${sql}) to '${folder}/p.parquet'`));
            const key = `staging/events/${index}/part-0.parquet`;
            await lake.blobs.put(key, `${folder}/p.parquet`);
            files.push(key);
        }
        return { lake, files };
    }

    it('is a table over its files, whatever columns each of them has; what it does not read is none', async () => {
        const { lake, files } = await aLakeOfTwoFiles();
        const input: BoundInput = { kind: 'files', files, uniform: false, columns, narrow: undefined };

        expect(await lake.engine.rows(read(input))).toEqual([
            { id: 1, at: '2026-01-01 23:59:59.999', later: null },
            { id: 2, at: '2026-01-02 00:00:00', later: 'x' },
        ]);
        const [[name, table] = []] = lake.services.tables;
        expect(lake.services.tables.size).toBe(1);
        expect(name).toMatch(/^work\.events_[0-9a-f]{24}$/);
        expect(table?.input.StorageDescriptor).toMatchObject({
            Columns: [
                { Name: 'id', Type: 'bigint' },
                { Name: 'at', Type: 'timestamp' },
                { Name: 'later', Type: 'string' },
            ],
            InputFormat: 'org.apache.hadoop.hive.ql.io.SymlinkTextInputFormat',
            Location: `s3://lake/query-inputs/${name?.slice('work.'.length)}/`,
        });
        expect(await lake.blobs.readText(`query-inputs/${name?.slice('work.'.length)}/files`)).toBe(
            files.map((file) => `s3://lake/${file}\n`).join(''),
        );
    });

    it('is made once, however often it is read', async () => {
        const { lake, files } = await aLakeOfTwoFiles();
        const statement = read({ kind: 'files', files, uniform: false, columns, narrow: undefined });
        await lake.engine.rows(statement);
        await lake.engine.rows(statement);

        expect(lake.services.tables.size).toBe(1);
    });

    it('is narrowed to its dates', async () => {
        const { lake, files } = await aLakeOfTwoFiles();
        const narrow = { column: 'at', ranges: [{ from: '2026-01-01', to: '2026-01-01' }] };

        expect(await lake.engine.rows(read({ kind: 'files', files, uniform: false, columns, narrow }))).toMatchObject([
            { id: 1 },
        ]);
    });

    it('may be no files or a few values, which need no table', async () => {
        const lake = await anAthenaLake(database);
        const none: BoundInput = { kind: 'files', files: [], uniform: true, columns, narrow: undefined };
        const values: BoundInput = { kind: 'values', columns, rows: [['7', '2026-01-01T00:00:00.000Z', "it's"]] };

        expect(await lake.engine.rows(read(none))).toEqual([]);
        expect(await lake.engine.rows(read(values))).toEqual([{ id: 7, at: '2026-01-01 00:00:00', later: "it's" }]);
        expect(lake.services.tables.size).toBe(0);
    });

    it('must be bound', async () => {
        const { engine } = await anAthenaLake(database);
        const statement = {
            inputs: new Map(),
            render: (bind: (name: string) => string) => `select * from ${bind('x')}`,
        };

        await expect(engine.rows(statement)).rejects.toThrow('The statement reads x, which is not bound.');
    });
});

it('is told what is wrong with a statement before a query is paid for', async () => {
    const { engine, services } = await anAthenaLake(database);

    await expect(engine.build(aRequest('select nothing from nowhere'))).rejects.toThrow(DataError);
    expect(services.queries.size).toBe(0);
});
