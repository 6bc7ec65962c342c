import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { selectRows } from '#adapters/postgres/query.ts';
import { findPostmaster } from '#embedded/postgres/postmaster.ts';
import { createPostgresServer } from '#embedded/postgres/server.ts';
import { PROJECT_ROOT } from '#embedded/project.ts';
import { emptyLake, fingerprintOf, removeLake } from './lake.ts';

/** Ends a commit with a sleep before anything of it is durable, while the server's settings say so. */
const DAWDLING = [
    `create function marts.dawdle() returns trigger language plpgsql as $$ begin
        if current_setting('test.dawdles', true) = 'yes' then perform pg_sleep(60); end if; return null; end $$`,
    `create constraint trigger dawdle after insert or update or delete on marts.days
        deferrable initially deferred for each row execute function marts.dawdle()`,
];

/** Where a publishing session of the lake's own PostgreSQL is held until it is killed, and by which settings. */
const MOMENTS = {
    'in the middle of COPY': { held: `query ilike 'copy %' and wait_event = 'ClientRead'`, settings: '' },
    'in the middle of the commit': {
        held: `query = 'commit' and wait_event = 'PgSleep'`,
        settings: `test.dawdles = 'yes'`,
    },
    // It is durable; the answer waits for a copy on a server that nobody has.
    'after the commit, before its answer': {
        held: `query = 'commit' and wait_event = 'SyncRep'`,
        settings: `wal_level = replica\nmax_wal_senders = 1\nsynchronous_standby_names = 'nobody'`,
    },
} as const;

type Moment = keyof typeof MOMENTS;
const EVERY = Object.keys(MOMENTS) as Moment[];

const SUPPORT = join(PROJECT_ROOT, 'test', 'support');
const FIRST = {
    'users.csv': 'user_id,signup_ts,country\n1,2025-12-01 08:00:00,DE\n2,2025-12-02 08:00:00,FR\n',
    'events-1.csv':
        'event_id,event_ts,event_type,user_id\n1,2026-01-31 10:00:00,search,1\n2,2026-02-01 10:00:00,search,2\n',
};
const SECOND = {
    'events-2.csv': 'event_id,event_ts,event_type,user_id\n3,2026-02-01 11:00:00,search,2\n4,2026-02-02 09:00:00,x,1\n',
};

let place: string;
/** A lake with the first files in it. */
let first: string;
let undisturbed: unknown;

const serverOf = (lake: string) => createPostgresServer({ folder: join(lake, 'postgres') });

/** Ingests and builds in a process of its own, whose PostgreSQL is that of the lake. */
function start(lake: string, files: Record<string, string>, stalledCopies = 0): ChildProcess {
    const paths = Object.keys(files).map((name) => join(place, name));
    const words = ['--import', join(SUPPORT, 'stall-copy.ts'), join(SUPPORT, 'processes', 'small-ingest.ts')];
    return spawn(process.execPath, [...words, lake, '', ...paths], {
        cwd: PROJECT_ROOT,
        stdio: ['ignore', 'ignore', 'inherit'],
        env: { ...process.env, CARTLAKE_STALLED_COPIES: String(stalledCopies) },
    });
}

const ended = (child: ChildProcess) =>
    new Promise<number | null>((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) resolve(child.exitCode);
        else child.once('exit', resolve);
    });

/** Runs statements one by one, each in a transaction of its own, and returns the rows of the last. */
async function ask(lake: string, statements: readonly string[]): Promise<unknown[][]> {
    const lease = await serverOf(lake).acquire();
    const client = new pg.Client(lease.url);
    await client.connect();
    try {
        let rows: unknown[][] = [];
        for (const text of statements) ({ rows } = await client.query<unknown[]>({ text, rowMode: 'array' }));
        return rows;
    } finally {
        await client.end();
        await lease.release();
    }
}

/** The session of the pipeline that is held at a moment; undefined when the process ended before there was one. */
async function sessionAt(lake: string, moment: Moment, child: ChildProcess): Promise<number | undefined> {
    const sql = `select pid from pg_stat_activity where application_name = 'cartlake' and ${MOMENTS[moment].held}`;
    while (child.exitCode === null && child.signalCode === null) {
        const { url } = await serverOf(lake).status();
        const found = url === undefined ? undefined : await selectRows(url, sql).catch(() => undefined);
        if (found?.rows[0] !== undefined) return Number(found.rows[0][0]);
        await sleep(10);
    }
    return undefined;
}

/** Kills the server with all its sessions at once, as the end of a container does. Nothing will hold the next one. */
async function killServer(lake: string): Promise<void> {
    await setServer(lake, '');
    const { pid } = await serverOf(lake).status();
    const family = execFileSync('ps', ['-e', '-o', 'pid=,ppid='], { encoding: 'utf8' })
        .split('\n')
        .map((line) => line.trim().split(/\s+/).map(Number))
        .filter(([child, parent]) => child === pid || parent === pid);
    // The server first: it would start its sessions again.
    family.sort(([child]) => (child === pid ? -1 : 1));
    for (const [member = 0] of family) kill(member);
}

function kill(pid: number): void {
    try {
        process.kill(pid, 'SIGKILL');
    } catch {
        // It ended by itself when the server went.
    }
}

/** Settings that the server of a lake reads when it starts. */
const setServer = (lake: string, settings: string) =>
    writeFile(join(lake, 'postgres', 'cluster', 'data', 'postgresql.auto.conf'), settings);

/** A copy of the first lake. Files of the server keep their owner, whom it is started as. */
async function lakeWithFirst(): Promise<string> {
    const lake = await emptyLake();
    execFileSync('cp', ['-a', `${first}/.`, lake]);
    return lake;
}

/** A lake whose next run gets to a moment and stays there. */
async function heldAt(moment: Moment, stalledCopies = 1) {
    const lake = await lakeWithFirst();
    await setServer(lake, MOMENTS[moment].settings);
    const child = start(lake, SECOND, moment === 'in the middle of COPY' ? stalledCopies : 0);
    const session = await sessionAt(lake, moment, child);
    expect(session).toBeGreaterThan(0);
    return { lake, child, session: session as number };
}

async function expectUndisturbed(lake: string): Promise<void> {
    expect(await fingerprintOf(lake)).toEqual(undisturbed);
    const published = 'select mart, count(*) from cartlake.publish_log group by mart order by 1';
    expect(await ask(lake, [published])).toEqual([
        ['days', '2'],
        ['user_events', '2'],
    ]);
    await removeLake(lake);
}

beforeAll(async () => {
    place = await emptyLake();
    for (const [name, text] of Object.entries({ ...FIRST, ...SECOND })) await writeFile(join(place, name), text);
    first = await emptyLake();
    expect(await ended(start(first, FIRST))).toBe(0);
    await ask(first, DAWDLING);
    const lake = await lakeWithFirst();
    await ended(start(lake, SECOND));
    undisturbed = await fingerprintOf(lake);
    await removeLake(lake);
}, 60_000);
afterAll(async () => {
    await removeLake(first);
    await removeLake(place);
});

describe('the lake and its PostgreSQL are as an undisturbed run leaves them', () => {
    it.each(EVERY)(
        'when the server and the process were killed %s, and it was run again',
        async (moment) => {
            const { lake, child } = await heldAt(moment);
            child.kill('SIGKILL');
            await killServer(lake);
            await ended(child);

            expect(await ended(start(lake, SECOND))).toBe(0);
            await expectUndisturbed(lake);
        },
        60_000,
    );

    it.each(EVERY)(
        'when the server was killed %s: the run starts it again and goes on',
        async (moment) => {
            const { lake, child } = await heldAt(moment);
            await killServer(lake);

            expect(await ended(child)).toBe(0);
            await expectUndisturbed(lake);
        },
        60_000,
    );

    it.each(EVERY)(
        'when its session was killed %s, as by a lack of memory: the run goes on',
        async (moment) => {
            const { lake, child, session } = await heldAt(moment);
            kill(session);
            // The server starts all sessions anew, by itself, with the settings of now.
            await setServer(lake, '');
            process.kill((await findPostmaster(join(lake, 'postgres', 'cluster', 'data')))?.pid as number, 'SIGHUP');

            expect(await ended(child)).toBe(0);
            await expectUndisturbed(lake);
        },
        60_000,
    );

    it('when the server was killed at every try in the middle of COPY, and it was run again', async () => {
        const { lake, child } = await heldAt('in the middle of COPY', 100);
        let kills = 0;
        do {
            await killServer(lake);
            kills += 1;
        } while ((await sessionAt(lake, 'in the middle of COPY', child)) !== undefined);
        await ended(child);

        expect(kills).toBe(4);
        expect(await ended(start(lake, SECOND))).toBe(0);
        await expectUndisturbed(lake);
    }, 60_000);
});
