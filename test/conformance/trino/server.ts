import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PipelineError } from '#core/errors.ts';
import { freePort } from '#test/support/free-port.ts';
import { createTrinoClient, type TrinoClient } from './client.ts';

/** A Trino of one process on 127.0.0.1; its tables are files below `warehouse`. */
export interface TrinoServer {
    readonly client: TrinoClient;
    /** Ends the process and waits until it is gone. */
    stop(): Promise<void>;
}

export interface TrinoOptions {
    readonly java: string;
    /** Folder of the distribution. */
    readonly installation: string;
    /** Folder for configuration, log and data; it is the caller's. */
    readonly folder: string;
    readonly warehouse: string;
}

const READY_MS = 120_000;

/** Starts Trino and waits until it answers a query. Throws PipelineError with the end of its log when it does not. */
export async function startTrino(options: TrinoOptions): Promise<TrinoServer> {
    const port = await freePort();
    await configure(options, port);
    const log = join(options.folder, 'log');
    // Its log of requests goes to the folder it is started in.
    const child = spawn(options.java, argumentsOf(options), {
        cwd: options.folder,
        stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output = createWriteStream(log);
    child.stdout.pipe(output, { end: false });
    child.stderr.pipe(output, { end: false });
    const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
    const stop = async () => {
        if (child.exitCode === null) child.kill('SIGKILL');
        await ended;
    };
    // Whatever ends this process ends Trino: it holds nothing that must be written.
    process.once('exit', () => child.kill('SIGKILL'));
    const client = createTrinoClient(port);
    try {
        await untilReady(client, child);
        return { client, stop };
    } catch (error) {
        await stop();
        const lines = (await readFile(log, 'utf8')).trim().split('\n').slice(-5);
        throw new PipelineError(`Trino did not start: ${lines.join('\n')}`, { cause: error });
    }
}

/** It says that it has started before it can answer, and answers before it knows of a node that computes for a catalog. */
async function untilReady(client: TrinoClient, child: ChildProcess): Promise<void> {
    const end = Date.now() + READY_MS;
    for (let attempt = 0; ; attempt += 1) {
        const isReady = await writeOnce(client, `ready_${attempt}`).then(
            () => true,
            () => false,
        );
        if (isReady) return;
        if (child.exitCode !== null) throw new PipelineError(`Trino ended with ${child.exitCode}`);
        if (Date.now() > end) throw new PipelineError(`Trino did not answer for ${READY_MS / 1000} s`);
        await sleep(500);
    }
}

/** Makes a table by computing it, which takes a node of the catalog, and removes it. */
async function writeOnce(client: TrinoClient, table: string): Promise<void> {
    await client.run('create schema if not exists work');
    await client.run(`create table ${table} as select 1 as n`);
    await client.run(`drop table ${table}`);
}

async function configure({ folder, warehouse }: TrinoOptions, port: number): Promise<void> {
    await mkdir(join(folder, 'catalog'), { recursive: true });
    const write = (name: string, lines: readonly string[]) => writeFile(join(folder, name), `${lines.join('\n')}\n`);
    await write('config.properties', [
        'coordinator=true',
        'node-scheduler.include-coordinator=true',
        `http-server.http.port=${port}`,
        `discovery.uri=http://127.0.0.1:${port}`,
        'query.max-memory=400MB',
        'query.max-memory-per-node=400MB',
        'memory.heap-headroom-per-node=200MB',
        'catalog.management=static',
        'web-ui.enabled=false',
    ]);
    await write('catalog/hive.properties', [
        'connector.name=hive',
        'hive.metastore=file',
        'hive.metastore.catalog.dir=local:///metastore',
        'fs.native-local.enabled=true',
        `local.location=${warehouse}`,
        'hive.non-managed-table-writes-enabled=true',
        'hive.storage-format=PARQUET',
        'hive.parquet.time-zone=UTC',
        'hive.security=allow-all',
    ]);
}

function argumentsOf({ installation, folder }: TrinoOptions): string[] {
    return [
        '-Xmx1G',
        '-XX:TieredStopAtLevel=1',
        '-XX:ReservedCodeCacheSize=256M',
        '-Djdk.attach.allowAttachSelf=true',
        '-Dfile.encoding=UTF-8',
        '-Duser.timezone=UTC',
        '-XX:+EnableDynamicAgentLoading',
        '--enable-native-access=ALL-UNNAMED',
        '-Dnode.environment=conformance',
        '-Dnode.id=conformance',
        '-Dnode.bind-ip=127.0.0.1',
        '-Dnode.internal-address=127.0.0.1',
        `-Dnode.data-dir=${join(folder, 'data')}`,
        `-Dconfig=${join(folder, 'config.properties')}`,
        `-Dcatalog.config-dir=${join(folder, 'catalog')}`,
        `-Dplugin.dir=${join(installation, 'plugin')}`,
        '-cp',
        `${installation}/lib/*`,
        'io.trino.server.TrinoServer',
    ];
}
