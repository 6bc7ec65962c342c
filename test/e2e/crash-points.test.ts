import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPostgresServer, type PostgresServer } from '#embedded/postgres/server.ts';
import { PROJECT_ROOT } from '#embedded/project.ts';
import { emptyLake, fingerprintOf, removeLake } from './lake.ts';

/** How many of the moments, spread evenly; `all` takes each, `28-54` these. Each costs two seconds, a full disk ten. */
const KILLS = process.env.CARTLAKE_KILL_POINTS ?? '10';
const FULL_DISKS = process.env.CARTLAKE_FULL_POINTS ?? '3';

/** The numbers, from 1, of the moments that a variable asks for. */
function chosenOf(asked: string, moments: number): number[] {
    const all = Array.from({ length: moments }, (_, index) => index + 1);
    if (asked === 'all') return all;
    const [first = 0, last] = asked.split('-').map(Number);
    if (last !== undefined) return all.slice(first - 1, last);
    const count = Math.min(first, moments);
    return Array.from({ length: count }, (_, index) => 1 + Math.floor(((index + 0.5) * moments) / count));
}

const SUPPORT = join(PROJECT_ROOT, 'test', 'support');

const FILES = {
    'users.csv': 'user_id,signup_ts,country\n1,2025-12-01 08:00:00,DE\n2,2025-12-02 08:00:00,FR\n',
    'events-1.csv': [
        'event_id,event_ts,event_type,user_id,price_paid',
        '1,2026-01-31 10:00:00,view_product,1,',
        '2,2026-02-01 10:00:00,purchase,2,9.99',
        '3,2026-02-01 11:00:00,purchase,2,1e3',
    ].join('\n'),
    'events-2.csv':
        'event_id,event_ts,event_type,user_id\n2,2026-02-01 10:00:00,purchase,2\n4,2026-02-02 09:00:00,search,1\n',
    'events-broken.csv': 'day,number\n2026-01-01,1\n',
};

let place: string;
let server: PostgresServer;
let url: string;
let databases = 0;

async function newDatabase(): Promise<string> {
    const client = new pg.Client(url);
    await client.connect();
    const name = `crash_${++databases}`;
    await client.query(`create database ${name}`);
    await client.end();
    return Object.assign(new URL(url), { pathname: `/${name}` }).href;
}

/** Ingests all files in a process of its own, to which one bad thing happens. */
function ingest(
    lake: string,
    database: string,
    misfortune: Record<string, string> = {},
): Promise<{ code: number | null; signal: NodeJS.Signals | null; complaints: string }> {
    const files = Object.keys(FILES).map((name) => join(place, name));
    const preload = ['--import', join(SUPPORT, 'kill-at.ts')];
    const child = spawn(
        process.execPath,
        [...preload, join(SUPPORT, 'processes', 'small-ingest.ts'), lake, database, ...files],
        {
            cwd: PROJECT_ROOT,
            stdio: ['ignore', 'ignore', 'pipe'],
            env: { ...process.env, CARTLAKE_KILL_FOLDER: lake, ...misfortune },
        },
    );
    let complaints = '';
    child.stderr.on('data', (chunk: Buffer) => {
        complaints += chunk.toString();
    });
    return new Promise((resolve) => {
        child.on('close', (code, signal) => resolve({ code, signal, complaints }));
    });
}

/** What a run leaves, or why it failed. */
async function leftBy(lake: string, database: string): Promise<unknown> {
    const { code, complaints } = await ingest(lake, database);
    return code === 0 ? fingerprintOf(lake, database) : complaints;
}

/** Moments of a plain run, in order, and what it leaves. */
let plain: { readonly moments: readonly string[]; readonly left: unknown };

/** Runs into each of the chosen moments in a new lake, runs again, and compares. */
async function atMoments(
    variable: string,
    asked: string,
    seen: (ended: Awaited<ReturnType<typeof ingest>>) => void,
): Promise<number> {
    const { moments, left } = plain;
    const chosen = chosenOf(asked, moments.length);
    for (const moment of chosen) {
        const [lake, database] = [await emptyLake(), await newDatabase()];
        seen(await ingest(lake, database, { [variable]: String(moment) }));

        expect(await leftBy(lake, database), `moment ${moment}: ${moments[moment - 1]}`).toEqual(left);
        await removeLake(lake);
    }
    return chosen.length;
}

beforeAll(async () => {
    place = await emptyLake();
    for (const [name, text] of Object.entries(FILES)) await writeFile(join(place, name), text);
    server = createPostgresServer({ folder: join(place, 'postgres') });
    url = (await server.acquire()).url;
    const [lake, database, log] = [await emptyLake(), await newDatabase(), join(place, 'moments.log')];
    await ingest(lake, database, { CARTLAKE_KILL_LOG: log });
    plain = {
        moments: (await readFile(log, 'utf8')).trimEnd().split('\n'),
        left: await fingerprintOf(lake, database),
    };
    await removeLake(lake);
});
afterAll(() => removeLake(place));

describe('after a rerun, the lake and the database are as a plain run leaves them', () => {
    it('with moments enough and nothing unfinished to begin with', () => {
        expect(plain.left).toMatchObject({ 'ledger entries': 4, 'unfinished objects': 0, 'scratch folders': 0 });
        expect(plain.moments.length).toBeGreaterThan(100);
    });

    it(`when the process was killed right before a write (moments: ${KILLS})`, async () => {
        let kills = 0;
        const chosen = await atMoments('CARTLAKE_KILL_AT', KILLS, ({ signal }) => {
            if (signal === 'SIGKILL') kills++;
        });

        // What runs at once takes turns of its own, so the last moments of a plain run may not come.
        expect(kills).toBeGreaterThan(chosen * 0.9);
        process.stdout.write(`crashes: ${kills} kills at ${plain.moments.length} moments, nothing lost\n`);
    }, 1_200_000);

    it(`when the disk was full from a write on (moments: ${FULL_DISKS})`, async () => {
        let told = 0;
        const chosen = await atMoments('CARTLAKE_FULL_AT', FULL_DISKS, ({ code }) => {
            if (code !== 0) told++;
        });

        process.stdout.write(
            `full disks: ${chosen} of ${plain.moments.length} moments, ${told} runs failed, nothing lost\n`,
        );
    }, 1_200_000);
});
