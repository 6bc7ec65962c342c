import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPostgresServer, type PostgresServer } from '#embedded/postgres/server.ts';
import { PROJECT_ROOT } from '#embedded/project.ts';
import { emptyLake, fingerprintOf, removeLake } from './lake.ts';

/** How many of the moments, spread evenly; `all` takes each. Each costs about a second and a half. */
const KILLS = process.env.CARTLAKE_KILL_POINTS ?? '12';
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

/** Ingests all files in a process of its own, which is killed right before the nth moment, if one is given. */
function ingest(lake: string, database: string, environment: Record<string, string>): Promise<NodeJS.Signals | null> {
    const files = Object.keys(FILES).map((name) => join(place, name));
    const preload = ['--import', join(SUPPORT, 'kill-at.ts')];
    const child = spawn(
        process.execPath,
        [...preload, join(SUPPORT, 'processes', 'small-ingest.ts'), lake, database, ...files],
        {
            cwd: PROJECT_ROOT,
            stdio: ['ignore', 'ignore', 'pipe'],
            env: { ...process.env, CARTLAKE_KILL_FOLDER: lake, ...environment },
        },
    );
    let complaints = '';
    child.stderr.on('data', (chunk: Buffer) => {
        complaints += chunk.toString();
    });
    return new Promise((resolve, reject) => {
        child.on('close', (code, signal) => {
            if (code === 0 || signal !== null) resolve(signal);
            else reject(new Error(complaints));
        });
    });
}

/** All moments of a plain run, in order, and what it leaves. */
async function plainRun() {
    const [lake, database, log] = [await emptyLake(), await newDatabase(), join(place, 'moments.log')];
    await ingest(lake, database, { CARTLAKE_KILL_LOG: log });
    const left = await fingerprintOf(lake, database);
    await removeLake(lake);
    return { moments: (await readFile(log, 'utf8')).trimEnd().split('\n'), left };
}

beforeAll(async () => {
    place = await emptyLake();
    for (const [name, text] of Object.entries(FILES)) await writeFile(join(place, name), text);
    server = createPostgresServer({ folder: join(place, 'postgres') });
    url = (await server.acquire()).url;
});
afterAll(() => removeLake(place));

describe('a process killed right before each of its writes', () => {
    it(`leaves after a rerun what a plain run leaves (${KILLS} moments)`, async () => {
        const { moments, left } = await plainRun();
        expect(left).toMatchObject({ 'ledger entries': 4, 'unfinished objects': 0, 'scratch folders': 0 });
        expect(moments.length).toBeGreaterThan(100);
        const chosen = KILLS === 'all' ? moments.length : Math.min(Number(KILLS), moments.length);
        let kills = 0;
        for (let index = 0; index < chosen; index++) {
            const moment = 1 + Math.floor((index * moments.length) / chosen);
            const [lake, database] = [await emptyLake(), await newDatabase()];
            if ((await ingest(lake, database, { CARTLAKE_KILL_AT: String(moment) })) === 'SIGKILL') kills++;
            await ingest(lake, database, {});

            expect(await fingerprintOf(lake, database), `before moment ${moment}: ${moments[moment - 1]}`).toEqual(
                left,
            );
            await removeLake(lake);
        }
        // What runs at once takes turns of its own, so the last moments of a plain run may not come.
        expect(kills).toBeGreaterThan(chosen * 0.9);
        process.stdout.write(`crashes: ${kills} kills at ${moments.length} moments, nothing lost\n`);
    }, 1_200_000);
});
