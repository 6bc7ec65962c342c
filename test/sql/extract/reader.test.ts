import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSourceReader } from '#adapters/postgres/extract/reader.ts';
import type { Contract } from '#core/contracts/contract.ts';
import type { ContractSource } from '#core/contracts/source.ts';
import { TransientError, UsageError } from '#core/errors.ts';
import { aColumn, aContract } from '#test/support/builders.ts';
import { temporaryFolder } from '#test/support/temporary.ts';
import { aDatabase, type TestDatabase } from '../publish/database.ts';

let db: TestDatabase;
let reader: string;

beforeAll(async () => {
    db = await aDatabase();
    await db.rows("create role reader login password 'reads'; grant usage on schema public to reader");
});
beforeEach(async () => {
    await db.server.acquire();
    await db.rows(`drop table if exists public.people cascade;
        create table public.people (id text primary key, "joinDate" date, segment text, secret text, changed_at timestamptz);
        insert into public.people values
            ('b', '2024-02-29', 'a "quoted", one', 'x', '2026-01-01 12:00:00.123456+02'),
            ('a', null, '', 'y', '2026-01-01 09:00:00+00');
        grant select (id, "joinDate", segment, changed_at) on public.people to reader`);
    const url = new URL(db.url);
    url.username = 'reader';
    url.password = 'reads';
    reader = url.href;
});
afterAll(() => db.remove());

const CONTRACT: Contract = aContract({
    dataset: 'people',
    columns: [
        aColumn('person_id', { aliases: ['id'] }),
        aColumn('joined_on', { type: 'date', aliases: ['joindate'] }),
        aColumn('segment'),
        aColumn('note'),
    ],
    key: ['person_id'],
    load: 'upsert',
});

function aSource(changes: Partial<ContractSource> = {}): ContractSource {
    return {
        server: 'shop',
        schema: 'public',
        from: { kind: 'table', table: 'people' },
        mode: 'snapshot',
        watermarkColumn: undefined,
        overlapSeconds: 0,
        schedule: undefined,
        timeoutSeconds: 30,
        ...changes,
    };
}

interface Read {
    readonly url?: string;
    readonly source?: Partial<ContractSource>;
    readonly contract?: Contract;
    readonly after?: string;
    readonly heard?: string[];
}

async function read({ url = reader, source = {}, contract = CONTRACT, after, heard = [] }: Read = {}) {
    const path = join(await temporaryFolder(), 'extract.csv');
    const onRetry = (why: string) => heard.push(why);
    const rows = await createSourceReader(url, { waits: [10, 20], onRetry }).read({
        contract,
        source: aSource(source),
        after,
        path,
    });
    return { ...rows, text: await readFile(path, 'utf8') };
}

const INCREMENTAL = { mode: 'incremental', watermarkColumn: 'changed_at' } as const;

describe('a snapshot', () => {
    it('is the columns the contract names, in the order of the key, and no others', async () => {
        const { text, rows, bytes, watermark, advice } = await read();

        expect(text).toBe('person_id,joined_on,segment\na,,""\nb,2024-02-29,"a ""quoted"", one"\n');
        expect({ rows, bytes, watermark, advice }).toEqual({
            rows: 2,
            bytes: text.length,
            watermark: undefined,
            advice: [],
        });
    });

    it('has one hash while the rows are the same, wherever they lie in the table', async () => {
        const before = await read();
        await db.rows("update public.people set secret = 'moved' where id = 'a'");
        const same = await read();
        await db.rows("update public.people set segment = 'VIP' where id = 'a'");

        expect(same.hash).toBe(before.hash);
        expect((await read()).hash).not.toBe(before.hash);
    });

    it('is what a query returns', async () => {
        const query = `select id as person_id, upper(segment) as segment from people where segment <> ''`;
        const { text } = await read({ source: { from: { kind: 'query', query } } });

        expect(text).toBe('person_id,segment\nb,"A ""QUOTED"", ONE"\n');
    });

    it('comes with advice when the role may write', async () => {
        const { advice } = await read({ url: db.url });

        expect(advice).toEqual([
            expect.stringMatching(/^The role cartlake may write to public\.people at .*grant select on public\.people/),
        ]);
    });
});

describe('an incremental extract', () => {
    it('starts with everything and goes on beyond the watermark', async () => {
        const first = await read({ source: INCREMENTAL });
        await db.rows("insert into public.people values ('c', null, 'New', null, '2026-01-01 11:00:00+00')");
        const second = await read({ source: INCREMENTAL, after: first.watermark! });

        expect(first).toMatchObject({ rows: 2, watermark: '2026-01-01 10:00:00.123456+00' });
        expect(second).toMatchObject({ rows: 1, watermark: '2026-01-01 11:00:00+00' });
        expect(second.text).toContain('c,,New');
    });

    it('reads again what lies within the overlap, and knows what that will be', async () => {
        const source = { ...INCREMENTAL, overlapSeconds: 7200 };
        const first = await read({ source });
        const second = await read({ source, after: first.watermark! });

        expect(second.rows).toBe(2);
        expect(second.hash).toBe(first.tailHash);
    });

    it('goes by whole numbers as well', async () => {
        await db.rows(
            'alter table public.people add column number bigint; update public.people set number = length(segment)',
        );
        await db.rows('grant select (number) on public.people to reader');
        const source = { ...INCREMENTAL, watermarkColumn: 'number', overlapSeconds: 300 };

        expect(await read({ source, after: '0' })).toMatchObject({ rows: 1, watermark: '15' });
        expect(await read({ source, after: '15' })).toMatchObject({ rows: 0, watermark: undefined });
    });

    it.each([
        [
            'nowhere',
            'has no column nowhere, the watermark; it has id, joinDate, segment, changed_at. Correct watermarkColumn.',
        ],
        ['segment', 'The watermark segment of public.people at'],
    ])('is refused by the column %s', async (watermarkColumn, message) => {
        await expect(read({ source: { mode: 'incremental', watermarkColumn } })).rejects.toThrow(message);
    });
});

describe('a source that does not fit is refused', () => {
    it.each([
        [
            'a table that is not there',
            { table: 'poeple' },
            'There is no table public.poeple at',
            'did you mean people?',
        ],
        [
            'a table the role may not read',
            { table: 'closed' },
            'The role may not read public.closed at',
            'Grant it USAGE',
        ],
    ])('%s', async (_what, { table }, ...messages) => {
        await db.rows('create table if not exists public.closed (id text)');
        const refused = read({ source: { from: { kind: 'table', table } } });

        for (const message of messages) await expect(refused).rejects.toThrow(message);
        await expect(refused).rejects.toThrow(UsageError);
    });

    it('a table without the key', async () => {
        const contract = {
            ...CONTRACT,
            columns: [aColumn('person_no'), ...CONTRACT.columns.slice(1)],
            key: ['person_no'],
        };
        await expect(read({ contract })).rejects.toThrow(
            /public\.people at .* has no column for person_no; it has id, joinDate, segment, changed_at\. Add what the database calls it to aliases in contracts\/people/,
        );
    });

    it('a table with two columns that could be one', async () => {
        const contract = { ...CONTRACT, columns: [aColumn('person_id', { aliases: ['id', 'segment'] })] };
        await expect(read({ contract })).rejects.toThrow(/has id and segment: each could be person_id/);
    });

    it.each([
        ['nonsense', 'selec', /refused to read the query: syntax error/],
        ['a write', 'with gone as (delete from people returning id) select id from gone', /refused to read the query/],
        [
            'a value that does not cast',
            "select id, (segment || 'x')::int as segment from people",
            /refused to read the query: invalid input/,
        ],
        ['a table of others', 'select id from closed', /The role may not read the query at .*permission denied/],
    ])('a query that is %s', async (_what, query, message) => {
        await db.rows('create table if not exists public.closed (id text)');
        await expect(read({ source: { from: { kind: 'query', query } } })).rejects.toThrow(message);
    });

    it('a password that is wrong', async () => {
        await expect(read({ url: reader.replace('reads', 'guesses') })).rejects.toThrow(/check user and password/);
    });

    it('a URL that is none', () => {
        expect(() => createSourceReader('mysql://shop')).toThrow(/A connection URL looks like postgres:/);
    });
});

describe('a database in trouble', () => {
    it('that takes too long is told with the limit', async () => {
        const slow = read({
            source: { from: { kind: 'query', query: 'select id from people, pg_sleep(3)' }, timeoutSeconds: 1 },
        });

        await expect(slow).rejects.toThrow(TransientError);
        await expect(slow).rejects.toThrow(
            /took longer than 1 s\. Nothing was landed\. Raise timeoutSeconds in contracts\/people/,
        );
    });

    it('that cannot be reached is tried again, each time with a word, and then told', async () => {
        const heard: string[] = [];
        const away = read({ url: 'postgres://reader:reads@127.0.0.1:9/shop', heard });

        await expect(away).rejects.toThrow(/Postgres at 127\.0\.0\.1:9\/shop cannot be reached/);
        expect(heard).toHaveLength(2);
    });

    it('that stops in the middle is told, not waited for', async () => {
        await db.rows(
            "insert into public.people select 'n' || n, null, repeat('x', 500) from generate_series(1, 20000) n",
        );
        const query = 'select id, segment || pg_sleep(0.0005) as segment from people';
        const broken = read({ source: { from: { kind: 'query', query } } });
        const told = expect(broken).rejects.toThrow(/Nothing of people was landed/);
        await sleep(700);
        const { pid } = await db.server.status();
        process.kill(pid as number, 'SIGKILL');

        await told;
        await expect(broken).rejects.toThrow(TransientError);
    });
});
