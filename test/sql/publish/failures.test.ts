import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createPostgresPublisher } from '#adapters/postgres/publish.ts';
import { ContractError, DataError, PipelineError, TransientError, UsageError } from '#core/errors.ts';
import { aDatabase, aMart, csv, full, type TestDatabase } from './database.ts';

let db: TestDatabase;

beforeAll(async () => {
    db = await aDatabase();
});
beforeEach(async () => {
    await db.reset();
    await db.publisher.publish({ runId: 'r1', marts: [aMart()] });
});
afterAll(() => db.remove());

const sales = () => db.rows('select * from marts.sales order by day, shop');

/** Publishes a second version, which must fail and leave the first. */
async function failure(mart = {}, publisher = db.publisher): Promise<Error> {
    const before = await sales();
    const marts = [aMart({ table: 'other' }), aMart({ versionId: 'v2', ...mart })];
    const thrown = await publisher.publish({ runId: 'r2', marts }).then(
        () => new Error('it was published'),
        (error: Error) => error,
    );
    expect(await sales()).toEqual(before);
    expect(await db.rows(`select to_regclass('marts.other')`)).toEqual([[null]]);
    expect([...(await db.publisher.currentVersions())]).toEqual([['sales', 'v1']]);
    return thrown;
}

function at(change: (url: URL) => void): string {
    const url = new URL(db.url);
    change(url);
    return url.href;
}

describe('rows that do not fit', () => {
    it.each([
        [
            'a value of another type',
            ['2026-01-01,"a",1,', '2026-01-02,"a",much,'],
            /marts\.sales, column amount, row 2: .*"much"/,
        ],
        ['a number too large', ['2026-01-01,"a",1e17,'], /marts\.sales, column amount, row 1: numeric field overflow/],
        ['too few values', ['2026-01-01,"a",1'], /marts\.sales, row 1: missing data for column "note"/],
        ['too many values', ['2026-01-01,"a",1,,'], /marts\.sales, row 1: extra data/],
        [
            'two rows with one key',
            ['2026-01-01,"a",1,', '2026-01-01,"a",2,'],
            /marts\.sales: .*\(2026-01-01, a\) is duplicated\. .*not unique/,
        ],
        ['a null in the key', ['2026-01-01,,1,'], /marts\.sales, column shop: .*null values.*key value is null/],
    ])('are refused for %s, with table, column and row', async (_, lines, message) => {
        const error = await failure({ change: full(...lines) });

        expect(error).toBeInstanceOf(DataError);
        expect(error.message).toMatch(message);
    });

    it('are refused in a new table too', async () => {
        const change = full('2026-01-01,"a",1,', '2026-01-01,"a",2,');

        await expect(db.publisher.publish({ runId: 'r2', marts: [aMart({ table: 'fresh', change })] })).rejects.toThrow(
            /marts\.fresh: .*is duplicated/,
        );
        expect(await db.rows(`select to_regclass('marts.fresh')`)).toEqual([[null]]);
    });
});

describe('rows that cannot be read to their end', () => {
    it('leave everything as it was, and the error says whose fault it is', async () => {
        async function* broken() {
            yield '2026-01-01,"a",1,\n';
            throw Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
        }

        const error = await failure({ change: { kind: 'full', rows: broken() } });

        expect(error).toBeInstanceOf(PipelineError);
        expect(error).not.toBeInstanceOf(TransientError);
        expect(error.message).toMatch(/rows for pg_temp\.incoming_1 .*could not be read to their end: read ECONNRESET/);
    });

    it('pass errors of the pipeline through', async () => {
        const reason = new ContractError('the file went away');
        async function* broken() {
            yield '2026-01-01,"a",1,\n';
            throw reason;
        }

        expect(await failure({ change: { kind: 'full', rows: broken() } })).toBe(reason);
    });
});

describe('a server in trouble', () => {
    it('that ends the session in the middle of a COPY may be tried again', async () => {
        let closed = false;
        async function* cutOff() {
            try {
                yield '2026-01-01,"a",1,\n';
                await db.rows(
                    `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'cartlake'`,
                );
                for (let row = 0; row < 100_000; row += 1) yield `2026-01-01,"${'b'.repeat(1000)}${row}",1,\n`;
            } finally {
                closed = true;
            }
        }

        const error = await failure({ change: { kind: 'full', rows: cutOff() } });

        expect(error).toBeInstanceOf(TransientError);
        expect(closed).toBe(true);
    });

    it('that is locked by somebody may be tried again', async () => {
        const other = new pg.Client(db.url);
        await other.connect();
        await other.query('begin; select pg_advisory_xact_lock(7241889063)');
        const impatient = createPostgresPublisher(db.url, { statement: 10_000, lock: 50 });

        const error = await failure({}, impatient);

        await other.end();
        expect(error).toBeInstanceOf(TransientError);
        expect(error.message).toMatch(/lock was not granted in time; end the long transaction/);
    });

    it('that is too slow may be tried again', async () => {
        async function* slow() {
            yield '2026-01-01,"a",1,\n';
            await new Promise((resolve) => setTimeout(resolve, 150));
            yield '2026-01-01,"b",1,\n';
        }
        const impatient = createPostgresPublisher(db.url, { statement: 80, lock: 50 });

        const error = await failure({ change: { kind: 'full', rows: slow() } }, impatient);

        expect(error).toBeInstanceOf(TransientError);
        expect(error.message).toMatch(/longer than its time limit/);
    });

    it('that is not there may be tried again', async () => {
        const nowhere = createPostgresPublisher(
            at((url) => {
                url.port = '1';
            }),
        );

        const error = await failure({}, nowhere);

        expect(error).toBeInstanceOf(TransientError);
        expect(error.message).toMatch(
            /Postgres at 127\.0\.0\.1:1\/cartlake cannot be reached.*ECONNREFUSED.*try again/,
        );
        await expect(nowhere.currentVersions()).rejects.toThrow(TransientError);
    });
});

describe('wrong settings', () => {
    it.each([
        [
            'password',
            (url: URL) => {
                url.password = 'wrong';
            },
            /check user and password/,
        ],
        [
            'no password',
            (url: URL) => {
                url.password = '';
            },
            /asks for a password.*Put it in the connection URL/,
        ],
        [
            'database',
            (url: URL) => {
                url.pathname = '/nowhere';
            },
            /create the database, or name another/,
        ],
        [
            'TLS mode',
            (url: URL) => {
                url.search = '?sslmode=verify-full';
            },
            /Set sslmode in the URL/,
        ],
    ])('are a usage error that says what to do: %s', async (_, change, message) => {
        const url = at(change);

        const error = await failure({}, createPostgresPublisher(url));

        expect(error).toBeInstanceOf(UsageError);
        expect(error.message).toMatch(message);
        expect(error.message).not.toContain(new URL(db.url).password);
    });

    it('are a usage error when the user may not write', async () => {
        await db.rows(`create role guest login password 'guest'`);
        await db.rows('create role reader login');
        await db.rows(`alter role reader password 'reader'`);
        await db.rows('alter role reader set default_transaction_read_only = on');
        const as = (user: string) =>
            createPostgresPublisher(
                at((url) => {
                    url.username = user;
                    url.password = user;
                }),
            );

        const guest = await failure({}, as('guest'));
        await db.rows('drop schema cartlake cascade');
        await expect(as('reader').publish({ runId: 'r2', marts: [aMart()] })).rejects.toThrow(
            /takes no writes; name the primary/,
        );

        expect(guest).toBeInstanceOf(UsageError);
        expect(guest.message).toMatch(/permission denied.*grant the user/);
    });

    it.each(['localhost:5432', 'https://example.org/db', 'nonsense'])(
        'are a usage error when the URL is none: %s',
        (url) => {
            expect(() => createPostgresPublisher(url)).toThrow(UsageError);
            expect(() => createPostgresPublisher(url)).toThrow(/looks like postgres:\/\/user/);
        },
    );
});

describe('two publishers at once', () => {
    it('take turns, and the second finds the version published', async () => {
        const publish = () =>
            db.publisher.publish({
                runId: 'r2',
                marts: [aMart({ versionId: 'v2', change: full('2026-01-01,"z",1,') })],
            });

        const results = await Promise.all([publish(), publish()]);

        expect(results.map(([mart]) => mart?.skipped).sort()).toEqual([false, true]);
        expect(await sales()).toHaveLength(1);
    });

    it('take turns on the very first run', async () => {
        await db.reset();
        const publish = () => db.publisher.publish({ runId: 'r1', marts: [aMart()] });

        const results = await Promise.all([publish(), publish(), publish()]);

        expect(results.map(([mart]) => mart?.skipped).sort()).toEqual([false, true, true]);
    });
});

describe('readers', () => {
    it('see the old rows of all marts until the run is committed', async () => {
        const seen: number[] = [];
        async function* watched() {
            yield '2026-01-01,"z",1,\n';
            seen.push((await sales()).length);
        }
        const marts = [
            aMart({ versionId: 'v2', change: { kind: 'full', rows: csv() } }),
            aMart({ table: 'other', change: { kind: 'full', rows: watched() } }),
        ];

        await db.publisher.publish({ runId: 'r2', marts });

        expect(seen).toEqual([3]);
        expect(await sales()).toEqual([]);
    });
});
