import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scannedBytes } from '#adapters/athena/notes.ts';
import { DataError, type PipelineError, ThrottledError, TransientError } from '#core/errors.ts';
import { QueryFailed } from '#test/support/athena/executor.ts';
import { type AthenaLake, anAthenaLake, aRequest, inLake } from '#test/support/athena/lake.ts';
import { ServiceError } from '#test/support/athena/service-error.ts';
import { testDatabase } from '#test/support/duckdb.ts';

const database = testDatabase();
const ROWS =
    "select * from (values (1, 'a', date '2026-01-01'), (2, null, date '2026-01-02'), (3, 'c', date '2026-01-02')) as r (id, name, happened_on)";
const DAYS = { column: 'happened_on', ranges: [{ from: '2026-01-01', to: '2026-01-31' }] };

/** The queries of a kind in the order of their start. */
const sent = ({ services }: AthenaLake, kind: 'unload' | 'select') =>
    [...services.queries.values()].filter(({ sql }) => sql.startsWith(kind));

/** Lets the query that was started last fail when it is asked about. */
function fail(lake: AthenaLake, failure: QueryFailed): void {
    const [query] = [...lake.services.queries.values()].slice(-1);
    if (query) query.failure = failure;
}

async function untilItThrows(lake: AthenaLake, request = aRequest(ROWS)): Promise<PipelineError> {
    try {
        await lake.build(request);
    } catch (error) {
        return error as PipelineError;
    }
    throw new Error('It was built.');
}

describe('a build on Athena', () => {
    it('is queued, runs, is measured, and says each time when to ask again', async () => {
        const lake = await anAthenaLake(database);
        const request = aRequest(ROWS);
        const answers = [];
        for (let call = 0; call < 6; call++) answers.push(await lake.engine.build(request));

        expect(answers).toEqual(Array.from({ length: 6 }, () => ({ askAgainInSeconds: 2 })));
        expect(await lake.engine.build(request)).toMatchObject({
            columns: [
                { name: 'id', type: 'bigint' },
                { name: 'name', type: 'varchar' },
                { name: 'happened_on', type: 'date' },
            ],
            folder: undefined,
            parts: [{ part: 'all', rows: 3, hash: expect.stringMatching(/^[0-9a-f]{32}$/) }],
        });
        expect(lake.services.asked.filter((action) => action === 'StartQueryExecution')).toHaveLength(2);
    });

    it('writes below its place, the columns in their portable types', async () => {
        const lake = await anAthenaLake(database);
        const { parts } = await lake.build(aRequest(ROWS));
        const [part] = parts;

        expect(part?.file).toMatch(/^attempt=1\/[^/]+\.parquet$/);
        const path = inLake(lake, `marts/m/run=r/batch=0/${part?.file}`);
        expect(
            await database.session((session) =>
                session.rows(`describe from read_parquet('${path}', hive_partitioning = false)`),
            ),
        ).toMatchObject([{ column_type: 'BIGINT' }, { column_type: 'VARCHAR' }, { column_type: 'DATE' }]);
        expect(sent(lake, 'unload')[0]).toMatchObject({
            workgroup: 'cartlake-test',
            sql: expect.stringContaining("to 's3://lake/marts/m/run=r/batch=0/attempt=1/' with (format = 'PARQUET'"),
        });
    });

    it('by date has a part for each date that has rows, and leaves out other dates', async () => {
        const lake = await anAthenaLake(database);
        const ranges = [{ from: '2026-01-02', to: '2026-01-05' }];
        const { parts } = await lake.build(aRequest(ROWS, { byDate: { column: 'happened_on', ranges } }));

        expect(parts).toMatchObject([{ part: '2026-01-02', rows: 2 }]);
        expect(parts[0]?.file).toMatch(/^attempt=1\/_part=2026-01-02\//);
    });

    it('gives equal rows equal hashes in any order, and other rows others, also when values change places', async () => {
        const hashOf = async (sql: string) => {
            const lake = await anAthenaLake(database);
            return (await lake.build(aRequest(sql))).parts[0]?.hash;
        };
        const rows = (...list: string[]) => `select * from (values ${list.join(', ')}) as r (id, name)`;
        const hash = await hashOf(rows("(1, 'a')", "(2, 'b')"));

        expect(await hashOf(rows("(2, 'b')", "(1, 'a')"))).toBe(hash);
        for (const other of [
            rows("(1, 'b')", "(2, 'a')"),
            rows("(1, 'a')", '(2, null)'),
            rows("(1, 'a')", "(2, 'b')", "(2, 'b')"),
            rows("(1, 'a')", "(2, '1:b')"),
        ]) {
            expect(await hashOf(other)).not.toBe(hash);
        }
    });

    it('of no rows has columns and no part', async () => {
        const lake = await anAthenaLake(database);

        expect(await lake.build(aRequest(`${ROWS} where id > 9`, { byDate: DAYS }))).toMatchObject({
            columns: [{ name: 'id' }, { name: 'name' }, { name: 'happened_on' }],
            parts: [],
        });
        expect(sent(lake, 'select')).toEqual([]);
    });

    it('is asked about less often the longer it takes', async () => {
        const lake = await anAthenaLake(database);
        await lake.engine.build(aRequest(ROWS));
        lake.pass(100);
        expect(await lake.engine.build(aRequest(ROWS))).toEqual({ askAgainInSeconds: 20 });
        lake.pass(10_000);
        expect(await lake.engine.build(aRequest(ROWS))).toEqual({ askAgainInSeconds: 60 });
    });

    it('that is done stays done: asking again starts and reads nothing', async () => {
        const lake = await anAthenaLake(database);
        const built = await lake.build(aRequest(ROWS));
        const before = lake.services.asked.length;

        expect(await lake.engine.build(aRequest(ROWS))).toEqual(JSON.parse(JSON.stringify(built)));
        expect(lake.services.asked).toHaveLength(before);
    });

    it('notes the bytes its queries read', async () => {
        const lake = await anAthenaLake(database);
        await lake.build(aRequest(ROWS));

        expect(await scannedBytes(lake.blobs, 'r')).toEqual(new Map([['m', 1_000]]));
    });
});

describe('a build that is interrupted', () => {
    it('between starting a query and noting it, finds the same query again', async () => {
        const lake = await anAthenaLake(database);
        const { putText } = lake.blobs;
        let writes = 0;
        const forgetful = {
            ...lake.blobs,
            putText: async (key: string, text: string) => {
                if (key.endsWith('batch=0.json') && ++writes === 2) throw new TransientError('killed');
                await putText(key, text);
            },
        };
        const { remoteBuild } = await import('#adapters/athena/remote-build.ts');
        await expect(remoteBuild({ ...lake.parts, blobs: forgetful }, aRequest(ROWS))).rejects.toThrow('killed');
        await lake.build(aRequest(ROWS));

        expect(sent(lake, 'unload')).toHaveLength(1);
    });

    it('leaves a partial result in the way of nobody: the next try writes elsewhere and clears up', async () => {
        const lake = await anAthenaLake(database);
        const left = inLake(lake, 'marts/m/run=r/batch=0/attempt=1/left.parquet');
        await mkdir(dirname(left), { recursive: true });
        await writeFile(left, 'half a file');

        const error = await untilItThrows(lake);
        expect(error).toBeInstanceOf(TransientError);
        expect(error.message).toContain('found files where it was to write');
        const { parts } = await lake.build(aRequest(ROWS));
        expect(parts[0]).toMatchObject({ file: expect.stringMatching(/^attempt=2\//), rows: 3 });
        expect((await lake.blobs.list('marts/m')).map(({ key }) => key)).toEqual([
            `marts/m/run=r/batch=0/${parts[0]?.file}`,
        ]);
    });

    it('fails when what lies there is not what was measured', async () => {
        const lake = await anAthenaLake(database);
        const request = aRequest(ROWS, { byDate: DAYS });
        while (sent(lake, 'select').length === 0) await lake.engine.build(request);
        await lake.blobs.putText('marts/m/run=r/batch=0/attempt=1/_part=2026-01-09/x.parquet', 'x');
        const error = await untilItThrows(lake, request);

        expect(error.message).toContain('does not fit together: files without rows: 2026-01-09');
    });
});

describe('a query that fails', () => {
    const failing = async (failure: QueryFailed) => {
        const lake = await anAthenaLake(database);
        await lake.engine.build(aRequest(ROWS));
        fail(lake, failure);
        return { lake, error: await untilItThrows(lake) };
    };

    it('for its data halts the model', async () => {
        const { error } = await failing(new QueryFailed('DIVISION_BY_ZERO: Division by zero'));

        expect(error).toBeInstanceOf(DataError);
        expect(error.message).toMatch(/^Athena query \S+ failed: DIVISION_BY_ZERO: Division by zero$/);
    });

    it('because it read too much halts the model and says where the limit stands', async () => {
        const { error } = await failing(
            new QueryFailed('Query cancelled! : Bytes scanned limit was exceeded', { state: 'CANCELLED' }),
        );

        expect(error).toBeInstanceOf(DataError);
        expect(error.message).toContain('Raise queryCutoffBytes of the stage');
    });

    it('because somebody cancelled it is not started again', async () => {
        const { error } = await failing(new QueryFailed('Query was cancelled by user', { state: 'CANCELLED' }));

        expect(error).toBeInstanceOf(DataError);
        expect(error.message).toContain('was cancelled by somebody');
    });

    it('for a passing reason is tried again in another place', async () => {
        const { lake, error } = await failing(
            new QueryFailed('GENERIC_INTERNAL_ERROR', { category: 1, retryable: true }),
        );

        expect(error).toBeInstanceOf(TransientError);
        expect(error.message).toContain('another try can succeed');
        expect((await lake.build(aRequest(ROWS))).parts[0]?.file).toMatch(/^attempt=2\//);
    });

    it('because S3 is asked too much is tried again, slower', async () => {
        const { error } = await failing(
            new QueryFailed('HIVE_CANNOT_OPEN_SPLIT: Please reduce your request rate. (SlowDown)'),
        );

        expect(error).toBeInstanceOf(ThrottledError);
    });

    it('four times for passing reasons halts the model', async () => {
        const lake = await anAthenaLake(database);
        const errors: string[] = [];
        for (let attempt = 1; attempt <= 4; attempt++) {
            await lake.engine.build(aRequest(ROWS));
            fail(lake, new QueryFailed('resources', { category: 1, retryable: true }));
            errors.push((await untilItThrows(lake)).name);
        }

        expect(errors).toEqual(['TransientError', 'TransientError', 'TransientError', 'DataError']);
    });
});

describe('a service that refuses', () => {
    it.each([
        ['StartQueryExecution', 'TooManyRequestsException', 400, 'ThrottledError', 'asks for fewer requests'],
        ['GetQueryExecution', 'ThrottlingException', 400, 'ThrottledError', 'asks for fewer requests'],
        ['StartQueryExecution', 'InternalServerException', 500, 'TransientError', 'could not be reached or failed'],
        ['StartQueryExecution', 'InvalidRequestException', 400, 'DataError', 'Athena refuses the statement'],
        ['StartQueryExecution', 'AccessDeniedException', 400, 'UsageError', 'Not allowed: athena:StartQueryExecution'],
    ])('%s with %s is a %s', async (action, name, status, expected, message) => {
        const lake = await anAthenaLake(database);
        lake.services.before = (asked) => {
            if (asked === action) throw new ServiceError(name, 'no', status);
        };
        const error = await untilItThrows(lake);

        expect(error.name).toBe(expected);
        expect(error.message).toContain(message);
        lake.services.before = () => undefined;
        expect((await lake.build(aRequest(ROWS))).parts[0]).toMatchObject({ rows: 3 });
    });
});
