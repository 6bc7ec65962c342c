import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PipelineError } from '#core/errors.ts';
import { createPostgresServer } from '#embedded/postgres/server.ts';
import { PROJECT_ROOT } from '#embedded/project.ts';
import { connectDeployment, type LocalDeployment } from '#localstack/deployment.ts';
import { ensureInstalled } from '#localstack/install.ts';
import { withLock } from '#localstack/lock.ts';
import { startServer, stopServer } from '#localstack/server.ts';
import { type StateFolder, stateFolder } from '#localstack/state.ts';

/** A LocalStack, a PostgreSQL and a deployment that nobody else uses. */
export interface Place {
    /** Everything is in here. */
    readonly folder: string;
    /** The state folder of its LocalStack, as CARTLAKE_LOCALSTACK_DIR names it. */
    readonly stateRoot: string;
    readonly port: number;
    readonly deployment: LocalDeployment;
    readonly postgresUrl: string;
}

/** Makes what is private of a run; the installation, which takes a minute, is shared. */
export async function makeFolder(): Promise<{ folder: string; state: StateFolder }> {
    const shared = stateFolder();
    await withLock(shared, () => ensureInstalled(shared, tell));
    const folder = await mkdtemp(join(tmpdir(), 'cartlake-e2e-localstack-'));
    const state = stateFolder({ CARTLAKE_LOCALSTACK_DIR: join(folder, 'state') });
    await mkdir(state.root);
    await symlink(shared.venv, state.venv);
    return { folder, state };
}

/** Starts LocalStack, deploys and connects. Throws when `stop` is heard. */
export async function setUp(folder: string, state: StateFolder, stop: AbortSignal): Promise<Place> {
    const port = await freePort();
    await startServer(state, port);
    await run(process.execPath, ['scripts/deploy-local.ts'], { CARTLAKE_LOCALSTACK_DIR: state.root }, stop);
    const { url } = await postgresOf(state).status();
    if (url === undefined) throw new PipelineError('The PostgreSQL of the deployment does not run.');
    return { folder, stateRoot: state.root, port, deployment: connectDeployment(port, 'dev'), postgresUrl: url };
}

/** Ends every process and removes every file, also of a set-up that broke half-way. */
export async function tearDown(folder: string, state: StateFolder): Promise<void> {
    const ended = await Promise.allSettled([stopServer(state), postgresOf(state).stop()]);
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    for (const end of ended) if (end.status === 'rejected') throw end.reason;
}

const postgresOf = (state: StateFolder) => createPostgresServer({ folder: join(state.root, 'postgres') });

/** On standard error, so that the results alone stand on standard output. */
function tell(line: string): void {
    process.stderr.write(`${line}\n`);
}

/** Its output is shown when it fails, and only then: a deployment says a lot. */
async function run(
    command: string,
    args: readonly string[],
    variables: NodeJS.ProcessEnv,
    stop: AbortSignal,
): Promise<void> {
    const env = { ...process.env, ...variables };
    // A group of its own, so that what it started ends with it.
    const child = spawn(command, args, { cwd: PROJECT_ROOT, env, stdio: 'pipe', detached: true });
    const output: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => output.push(chunk));
    stop.addEventListener('abort', () => child.exitCode === null && process.kill(-(child.pid as number), 'SIGKILL'));
    const code = await new Promise<number | null>((resolve, reject) => {
        child.once('error', reject).once('exit', resolve);
    });
    if (code === 0) return;
    throw new PipelineError(`${args[0]} ended with ${code ?? 'a signal'}:\n${Buffer.concat(output)}`);
}

async function freePort(): Promise<number> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    await new Promise((resolve) => server.close(resolve));
    return port;
}
