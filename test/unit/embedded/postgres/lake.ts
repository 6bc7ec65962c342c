import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createPostgresServer, type PostgresServer } from '#embedded/postgres/server.ts';

/** A Postgres folder in a new lake (readable by its owner only), and the server on it. */
export interface TestLake {
    readonly lake: string;
    readonly folder: string;
    readonly server: PostgresServer;
    /** Stops the server and removes the lake. */
    remove(): Promise<void>;
}

export async function aLake(): Promise<TestLake> {
    const lake = await mkdtemp(join(tmpdir(), 'cartlake-'));
    const folder = join(lake, 'postgres');
    const server = createPostgresServer({ folder });
    const remove = async () => {
        await server.stop();
        await rm(lake, { recursive: true, force: true });
    };
    return { lake, folder, server, remove };
}

/** What a child process printed and how it ended. */
export interface Ended {
    readonly code: number | null;
    readonly output: string;
}

/** Starts `lake-user.ts`. `ready` resolves with its first line, `ended` when it is gone. */
export function lakeUser(...args: string[]): { child: ChildProcess; ready: Promise<string>; ended: Promise<Ended> } {
    const script = fileURLToPath(new URL('./lake-user.ts', import.meta.url));
    const child = spawn(process.execPath, [script, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
    let output = '';
    child.stderr.on('data', (chunk) => {
        output += chunk;
    });
    const ready = new Promise<string>((resolve, reject) => {
        child.stdout.on('data', (chunk) => {
            output += chunk;
            if (output.includes('\n')) resolve(output.trim());
        });
        child.once('exit', () => reject(new Error(`ended early: ${output}`)));
    });
    ready.catch(() => undefined);
    const ended = once(child, 'close').then(([code]) => ({ code, output }));
    return { child, ready, ended };
}
