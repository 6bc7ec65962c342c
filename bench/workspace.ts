import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { createPostgresServer } from '#embedded/postgres/server.ts';
import { inChild } from './child.ts';
import type { Name } from './options.ts';
import type { Generated, GenerateInput } from './tasks/generate.ts';

/** Where a benchmark works: a temporary folder and a PostgreSQL server, both removed at the end. */
export interface Workspace {
    /** A path below the folder that nobody else was given. */
    path(label: string): string;
    /** The URL of a new database; with `template`, a copy of that one. */
    database(template?: string): Promise<string>;
    /** Makes a shop, or gives the one of the same size made before. */
    shop(input: Omit<GenerateInput, 'folder'>): Promise<Generated>;
    /** Says what is being done, on stderr. */
    say(measurement: Name, text: string): void;
    remove(path: string): Promise<void>;
}

/** Runs `work` in a new workspace and removes it, whatever happens. */
export async function inWorkspace<T>(work: (workspace: Workspace) => Promise<T>): Promise<T> {
    const folder = await mkdtemp(join(tmpdir(), 'cartlake-bench-'));
    const server = createPostgresServer({ folder: join(folder, 'postgres') });
    const lease = await server.acquire();
    try {
        return await work(workspaceIn(folder, lease.url));
    } finally {
        await lease.release();
        await rm(folder, { recursive: true, force: true });
    }
}

function workspaceIn(folder: string, serverUrl: string): Workspace {
    let count = 0;
    const shops = new Map<string, Promise<Generated>>();
    const path = (label: string) => join(folder, `${String(++count).padStart(3, '0')}-${label}`);
    return {
        path,
        async database(template) {
            const name = `bench_${++count}`;
            const client = new pg.Client(serverUrl);
            await client.connect();
            const source = template === undefined ? '' : ` template ${new URL(template).pathname.slice(1)}`;
            await client.query(`create database ${name}${source}`);
            await client.end();
            const url = new URL(serverUrl);
            url.pathname = `/${name}`;
            return url.href;
        },
        shop(input) {
            const key = JSON.stringify(input);
            const made = shops.get(key) ?? inChild('generate', { ...input, folder: path('shop') });
            shops.set(key, made);
            return made;
        },
        say: (measurement, text) => console.error(`${measurement}: ${text}`),
        remove: (removed) => rm(removed, { recursive: true, force: true }),
    };
}
