import { readFile, rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** Everything LocalStack and its installation write, and the only place they write to. */
export interface StateFolder {
    readonly root: string;
    /** The virtual environment, kept between starts. */
    readonly venv: string;
    /** The server's home: caches, kept between starts. */
    readonly home: string;
    /** Files of one run: code of functions, their temporary folders, objects. */
    readonly run: string;
    readonly log: string;
    readonly installLog: string;
    readonly record: string;
    readonly lock: string;
}

/** `.localstack/` in the project, or the folder named by CARTLAKE_LOCALSTACK_DIR. */
export function stateFolder(env: NodeJS.ProcessEnv = process.env): StateFolder {
    const root = resolve(env.CARTLAKE_LOCALSTACK_DIR || join(import.meta.dirname, '..', '.localstack'));
    return {
        root,
        venv: join(root, 'venv'),
        home: join(root, 'home'),
        run: join(root, 'run'),
        log: join(root, 'localstack.log'),
        installLog: join(root, 'install.log'),
        record: join(root, 'server.json'),
        lock: join(root, 'lock'),
    };
}

/** The server that was started from a state folder; written before its process exists. */
export interface ServerRecord {
    /** Stands in the environment of the server and of all processes it starts. */
    readonly id: string;
    readonly port: number;
    /** Undefined while it is being started. */
    readonly pid?: number;
    readonly startedAt: string;
}

/** Undefined when no server was started, or the last one was stopped. */
export async function readRecord(state: StateFolder): Promise<ServerRecord | undefined> {
    const text = await readFile(state.record, 'utf8').catch(() => undefined);
    return text === undefined ? undefined : (JSON.parse(text) as ServerRecord);
}

export async function writeRecord(state: StateFolder, record: ServerRecord): Promise<void> {
    const draft = `${state.record}.new`;
    await writeFile(draft, JSON.stringify(record));
    await rename(draft, state.record);
}

/** The last lines of a log file, without what is older. Empty when there is no such file. */
export async function lastLines(path: string, count: number): Promise<string> {
    const text = await readFile(path, 'utf8').catch(() => '');
    return text.trimEnd().split('\n').slice(-count).join('\n');
}
