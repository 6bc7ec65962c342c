import { spawn } from 'node:child_process';
import { chmod, open, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { TransientError } from '#core/errors.ts';
import type { Account } from './account.ts';
import { type PostgresBinaries, programEnvironment } from './binaries.ts';
import type { Cluster } from './cluster.ts';

/** Below the ports that Linux and macOS hand out to outgoing connections, which could take it between starts. */
const FIRST_PORT = 15_432;
const PORTS = 10_000;
const LARGEST_LOG_BYTES = 4_000_000;

/** A server that was told to start. */
export interface Launch {
    readonly pid: number | undefined;
    readonly port: number;
    /** Undefined while it runs; what it wrote to its log when it has ended. */
    ended(): Promise<string | undefined>;
}

function isFree(port: number): Promise<boolean> {
    return new Promise((resolve) => {
        const server = createServer();
        server.once('error', () => resolve(false));
        server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
    });
}

/** The port used last, or another if somebody has taken it; clients keep their connection settings that way. */
export async function choosePort(cluster: Cluster, free = isFree): Promise<number> {
    const remembered = Number(await readFile(cluster.portFile, 'utf8').catch(() => '0'));
    if (remembered > 0 && (await free(remembered))) return remembered;
    for (let tries = 0; tries < 100; tries += 1) {
        const port = FIRST_PORT + Math.floor(Math.random() * PORTS);
        if (await free(port)) return port;
    }
    throw new TransientError(
        `No free port for the embedded PostgreSQL among 100 tried from ${FIRST_PORT} on 127.0.0.1. ` +
            'End programs that hold them, or give the URL of a server with --postgres.',
    );
}

/** Writes down the port the server listens on, if it is another than before. */
export async function rememberPort(cluster: Cluster, port: number): Promise<void> {
    const text = `${port}\n`;
    if ((await readFile(cluster.portFile, 'utf8').catch(() => '')) === text) return;
    const aside = `${cluster.portFile}.${process.pid}`;
    await writeFile(aside, text);
    await rename(aside, cluster.portFile);
}

async function openLog(path: string) {
    const size = await stat(path).then(
        (found) => found.size,
        () => 0,
    );
    if (size > LARGEST_LOG_BYTES) await rename(path, `${path}.1`).catch(() => undefined);
    const log = await open(path, 'a');
    await chmod(path, 0o600);
    return log;
}

/**
 * Starts the server in the background, detached: it outlives this process however that ends. It only listens on
 * 127.0.0.1. Whether it becomes ready is to be seen in its lock file.
 */
export async function launchServer(
    folder: string,
    cluster: Cluster,
    account: Account,
    binaries: PostgresBinaries,
): Promise<Launch> {
    const port = await choosePort(cluster);
    const settings = { listen_addresses: '127.0.0.1', unix_socket_directories: '', port: String(port) };
    const args = [
        '-D',
        cluster.data,
        ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ];
    const { file, args: all, ids } = account.command(binaries.postgres, args);
    const logFile = join(folder, 'server.log');
    const log = await openLog(logFile);
    try {
        const { size } = await log.stat();
        const child = spawn(file, all, {
            ...ids,
            cwd: '/',
            detached: true,
            env: programEnvironment(),
            stdio: ['ignore', log.fd, log.fd],
        });
        let failure: string | undefined;
        child.once('error', (error) => {
            failure = error.message;
        });
        child.once('exit', (code, signal) => {
            failure = `exit ${code ?? signal}`;
        });
        child.unref();
        const ended = async () => {
            if (failure === undefined) return undefined;
            const text = await readFile(logFile);
            return `${text.subarray(size).toString('utf8')}${failure}`;
        };
        return { pid: child.pid, port, ended };
    } finally {
        await log.close();
    }
}
