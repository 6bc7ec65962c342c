import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Deployment } from '#adapters/aws/deployment.ts';
import { PipelineError } from '#core/errors.ts';
import { createPostgresServer } from '#embedded/postgres/server.ts';
import { PROJECT_ROOT } from '#embedded/project.ts';
import { connectLocalDeployment } from '#localstack/deployment.ts';
import { ensureInstalled } from '#localstack/install.ts';
import { withLock } from '#localstack/lock.ts';
import { startServer, stopServer } from '#localstack/server.ts';
import { type StateFolder, stateFolder } from '#localstack/state.ts';
import { freePort } from '#test/support/free-port.ts';

/** A LocalStack, a PostgreSQL and a deployment that nobody else uses. */
export interface Place {
    /** Everything is in here. */
    readonly folder: string;
    /** The state folder of its LocalStack, as CARTLAKE_LOCALSTACK_DIR names it. */
    readonly stateRoot: string;
    readonly port: number;
    readonly deployment: Deployment;
    readonly postgresUrl: string;
    /** Where tests ask for failures of functions. */
    readonly faults: string;
}

/** A scenario's step takes seconds; a machine that is busy with other things takes longer. */
export const PATIENCE_MS = 180_000;

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

/** Starts LocalStack, deploys with `options` of its script, and connects. Throws when `stop` is heard. */
export async function setUp(
    folder: string,
    state: StateFolder,
    stop: AbortSignal,
    options: readonly string[] = [],
): Promise<Place> {
    const port = await freePort();
    const faults = join(folder, 'faults');
    await mkdir(join(faults, 'taken'), { recursive: true });
    process.env.CARTLAKE_FAULTS = faults;
    await startServer(state, port);
    await runScript('deploy-local', state.root, stop, options);
    const { url } = await postgresOf(state).status();
    if (url === undefined) throw new PipelineError('The PostgreSQL of the deployment does not run.');
    const deployment = connectLocalDeployment(port, 'dev');
    return { folder, stateRoot: state.root, port, deployment, postgresUrl: url, faults };
}

/** Ends every process and removes every file, also of a set-up that broke half-way. */
export async function tearDown(folder: string, state: StateFolder): Promise<void> {
    const ended = await Promise.allSettled([stopServer(state), postgresOf(state).stop()]);
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    for (const end of ended) if (end.status === 'rejected') throw end.reason;
}

/** The PostgreSQL a deployment publishes to. */
export const postgresOf = (state: Pick<StateFolder, 'root'>) =>
    createPostgresServer({ folder: join(state.root, 'postgres') });

/** On standard error, so that the results alone stand on standard output. */
function tell(line: string): void {
    process.stderr.write(`${line}\n`);
}

/**
 * Runs one of the project's scripts on a LocalStack and returns what it said. Throws PipelineError with that when it
 * fails; it is not shown otherwise: a deployment says a lot.
 */
export async function runScript(
    name: string,
    stateRoot: string,
    stop?: AbortSignal,
    options: readonly string[] = [],
): Promise<string> {
    const env = { ...process.env, CARTLAKE_LOCALSTACK_DIR: stateRoot };
    // A group of its own, so that what it started ends with it.
    const child = spawn(process.execPath, [`scripts/${name}.ts`, ...options], {
        cwd: PROJECT_ROOT,
        env,
        stdio: 'pipe',
        detached: true,
    });
    const output: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => output.push(chunk));
    stop?.addEventListener('abort', () => child.exitCode === null && process.kill(-(child.pid as number), 'SIGKILL'));
    const code = await new Promise<number | null>((resolve, reject) => {
        child.once('error', reject).once('exit', resolve);
    });
    if (code === 0) return String(Buffer.concat(output));
    throw new PipelineError(`${name} ended with ${code ?? 'a signal'}:\n${Buffer.concat(output)}`);
}
