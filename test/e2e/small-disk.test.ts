import { execFileSync, spawn } from 'node:child_process';
import { readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPostgresServer } from '#embedded/postgres/server.ts';
import { PROJECT_ROOT } from '#embedded/project.ts';
import { fill, smallDisk } from '#test/support/full-disk.ts';
import { emptyLake, fingerprintOf, removeLake } from './lake.ts';

/** Kilobytes left of a disk that holds the lake and its PostgreSQL: each is used up somewhere else. */
const LEFT = [0, 300, 2_400, 3_500, 5_000];
const MEGABYTES = 160;

const FIRST = { 'users-1.csv.gz': usersOf(0, 10), 'events-1.csv.gz': eventsOf(0, 2_000) };
const SECOND = { 'users-2.csv.gz': usersOf(0, 30_000), 'events-2.csv.gz': eventsOf(1_500, 22_000) };

function eventsOf(from: number, to: number): Buffer {
    const rows = Array.from({ length: to - from }, (_, n) => {
        const at = new Date(Date.UTC(2026, 0, 1) + (from + n) * 600_000).toISOString().slice(0, 19).replace('T', ' ');
        return `${from + n},${at},search,${(from + n) % 7_000},${'p'.repeat((from + n) % 90)}`;
    });
    return gzipSync(['event_id,event_ts,event_type,user_id,properties', ...rows, ''].join('\n'));
}

function usersOf(from: number, to: number): Buffer {
    const rows = Array.from({ length: to - from }, (_, n) => `${from + n},2025-12-01 08:00:00,DE`);
    return gzipSync(['user_id,signup_ts,country', ...rows, ''].join('\n'));
}

const disk = smallDisk(MEGABYTES);
const lake = 'folder' in disk ? disk.folder : '';
const NOTE = 'unavailable' in disk ? ` (skipped: ${disk.unavailable})` : '';

let place: string;
/** A lake with the first files in it. */
let first: string;
let undisturbed: unknown;

async function run(folder: string, files: Record<string, Buffer>): Promise<string> {
    const paths = Object.keys(files).map((name) => join(place, name));
    const script = join(PROJECT_ROOT, 'test', 'support', 'processes', 'small-ingest.ts');
    const child = spawn(process.execPath, [script, folder, '', ...paths], { stdio: ['ignore', 'ignore', 'pipe'] });
    let complaints = '';
    child.stderr.on('data', (chunk: Buffer) => {
        complaints += chunk.toString();
    });
    const code = await new Promise((resolve) => child.on('close', resolve));
    return `${code} ${complaints}`;
}

/** Lets the server of a lake write until little is left of its log's segment of 16 MB, and takes the next ones away. */
async function useUpLog(folder: string): Promise<void> {
    const lease = await createPostgresServer({ folder: join(folder, 'postgres') }).acquire();
    const client = new pg.Client(lease.url);
    await client.connect();
    await client.query('create table public.filler (text text)');
    const used = `select (pg_current_wal_insert_lsn() - '0/0') % (16 * 1024 * 1024) as used`;
    while (Number((await client.query<{ used: string }>(used)).rows[0]?.used) < 15.5 * 1024 * 1024) {
        await client.query(`insert into public.filler select repeat(md5(n::text), 10) from generate_series(1, 500) n`);
    }
    await client.query('drop table public.filler');
    const name = 'select pg_walfile_name(pg_current_wal_insert_lsn()) as name';
    const segment = (await client.query<{ name: string }>(name)).rows[0]?.name ?? '';
    await client.end();
    await lease.release();
    const log = join(folder, 'postgres', 'cluster', 'data', 'pg_wal');
    for (const file of await readdir(log)) if (/^[0-9A-F]{24}$/.test(file) && file > segment) await rm(join(log, file));
}

/** The disk holds a copy of the first lake and nothing else. */
async function startOver(): Promise<void> {
    for (const name of await readdir(lake)) await rm(join(lake, name), { recursive: true });
    execFileSync('cp', ['-a', `${first}/.`, lake]);
}

beforeAll(async () => {
    place = await emptyLake();
    for (const [name, text] of Object.entries({ ...FIRST, ...SECOND })) await writeFile(join(place, name), text);
    first = await emptyLake();
    expect(await run(first, FIRST)).toBe('0 ');
    await startOver();
    expect(await run(lake, SECOND)).toBe('0 ');
    undisturbed = await fingerprintOf(lake);
}, 60_000);
afterAll(async () => {
    await removeLake(first);
    await removeLake(place);
    if ('unmount' in disk) disk.unmount();
});

/** What of a run found the disk full. */
async function whoFoundItFull(said: string): Promise<string[]> {
    const texts = [said];
    for (const name of await readdir(join(lake, 'executions'), { recursive: true })) {
        if (name.endsWith('.jsonl')) texts.push(await readFile(join(lake, 'executions', name), 'utf8'));
    }
    const found = texts
        .join('\n')
        .match(/ENOSPC while writing (landing|the decompressed)|DuckDB writes|Postgres at|PostgreSQL did not start/g);
    return [...new Set(found)];
}

describe.skipIf('unavailable' in disk)(`a disk that gets full under the lake and its PostgreSQL${NOTE}`, () => {
    it('loses nothing, whoever needs the space: once there is some, a rerun leaves what an undisturbed run does', async () => {
        const found = new Set<string>();
        for (const left of LEFT) {
            await startOver();
            const filler = fill(lake);
            await truncate(filler, (await stat(filler)).size - left * 1024);
            const said = await run(lake, SECOND);
            for (const each of await whoFoundItFull(said)) found.add(each);
            await rm(filler);

            expect(await run(lake, SECOND)).toBe('0 ');
            expect(await fingerprintOf(lake), `${left} kB left`).toEqual(undisturbed);
        }
        expect([...found].sort()).toEqual([
            'DuckDB writes',
            'ENOSPC while writing landing',
            'ENOSPC while writing the decompressed',
            'Postgres at',
        ]);
    }, 120_000);

    it('loses nothing when PostgreSQL has no space for its log and cannot even start', async () => {
        await startOver();
        await useUpLog(lake);
        const filler = fill(lake);
        await truncate(filler, (await stat(filler)).size - 12_000 * 1024);
        const said = await run(lake, SECOND);
        expect(await whoFoundItFull(said)).toContain('PostgreSQL did not start');
        await rm(filler);

        expect(await run(lake, SECOND)).toBe('0 ');
        expect(await fingerprintOf(lake)).toEqual(undisturbed);
    }, 60_000);
});
