import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { globSync } from 'node:fs';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { TransientError } from '#core/errors.ts';
import { ID_VARIABLE, killAll } from './processes.ts';
import { findPython } from './python.ts';
import { lastLines, type StateFolder } from './state.ts';

const run = promisify(execFile);
const PLUGIN = join(import.meta.dirname, 'process_executor');
const BUILD_LOCK = join(import.meta.dirname, 'build-requirements.lock');
const LOCK = join(import.meta.dirname, 'requirements.lock');
const OLDER_PYTHON = join(import.meta.dirname, 'older_python.py');
const PIP = ['-I', '-m', 'pip', 'install', '--disable-pip-version-check', '--no-input', '--no-deps'];

/** What a finished environment holds; written last, so that an interrupted installation is seen as none. */
interface Installed {
    readonly requirements: string;
    readonly plugin: string;
}

/** The interpreter of the virtual environment. */
export function venvPython(state: StateFolder): string {
    return join(state.venv, 'bin', 'python');
}

/**
 * Makes the virtual environment hold the locked requirements and our plugin. Does nothing when it already does;
 * a broken or outdated environment is made anew. Throws UsageError without a fitting Python, TransientError with
 * pip's last lines when the installation fails.
 */
export async function ensureInstalled(
    state: StateFolder,
    say: (line: string) => void,
    env: NodeJS.ProcessEnv = process.env,
): Promise<void> {
    const wanted = {
        requirements: await digest([BUILD_LOCK, LOCK, OLDER_PYTHON]),
        plugin: await digest(pluginFiles()),
    };
    const found = await readInstalled(state);
    if (found?.requirements !== wanted.requirements) await makeVenv(state, say, env);
    if (found?.requirements !== wanted.requirements || found.plugin !== wanted.plugin) {
        await rm(markerOf(state), { force: true });
        await installPlugin(state, env);
        await writeFile(markerOf(state), JSON.stringify(wanted));
    }
}

async function makeVenv(state: StateFolder, say: (line: string) => void, env: NodeJS.ProcessEnv): Promise<void> {
    const python = await findPython(env);
    // A killed installation leaves pip behind, writing into the folder that is about to be made anew.
    await killAll(installId(state));
    say(`Installing LocalStack with Python ${python.version} in ${state.venv} (once; about a minute, 510 MB) ...`);
    await rm(state.venv, { recursive: true, force: true });
    await mkdir(state.root, { recursive: true });
    await rm(state.installLog, { force: true });
    await logged(state, python.path, ['-I', '-m', 'venv', state.venv], env);
    await pip(state, ['-r', BUILD_LOCK], env);
    await pip(state, ['--no-build-isolation', '--no-compile', '-r', LOCK], env);
    const packages = await sitePackages(state);
    await logged(state, venvPython(state), ['-I', OLDER_PYTHON, join(packages, 'localstack')], env);
    // Until here it saves a second download when the first one was interrupted.
    await rm(pipCache(state), { recursive: true, force: true });
}

async function sitePackages(state: StateFolder): Promise<string> {
    const tell = 'import sysconfig; print(sysconfig.get_path("purelib"))';
    return (await run(venvPython(state), ['-I', '-c', tell])).stdout.trim();
}

/** From a copy: setuptools writes beside the sources it builds. */
async function installPlugin(state: StateFolder, env: NodeJS.ProcessEnv): Promise<void> {
    const copy = join(state.root, 'plugin');
    await rm(copy, { recursive: true, force: true });
    await cp(PLUGIN, copy, { recursive: true });
    await pip(state, ['--no-index', '--no-build-isolation', '--force-reinstall', copy], env);
    await rm(copy, { recursive: true });
}

async function pip(state: StateFolder, args: string[], env: NodeJS.ProcessEnv): Promise<void> {
    const quiet = { ...env, PIP_CACHE_DIR: pipCache(state), PIP_RETRIES: env.PIP_RETRIES ?? '2', PIP_USER: '0' };
    await logged(state, venvPython(state), [...PIP, ...args], quiet);
}

async function logged(state: StateFolder, command: string, args: string[], env: NodeJS.ProcessEnv): Promise<void> {
    const note = (text: string) => writeFile(state.installLog, text, { flag: 'a' });
    try {
        const marked = { ...env, [ID_VARIABLE]: installId(state) };
        const { stdout, stderr } = await run(command, args, { env: marked, maxBuffer: 2 ** 26 });
        await note(stdout + stderr);
    } catch (error) {
        const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
        await note(stdout + stderr);
        throw installationFailed(state, stdout + stderr, await lastLines(state.installLog, 12), error);
    }
}

function installationFailed(state: StateFolder, output: string, lines: string, cause: unknown): TransientError {
    // Without a network pip says that it retries, and then that the package does not exist.
    const offline = /Failed to establish a new connection|Name or service not known|ConnectTimeout|ProxyError/.test(
        output,
    );
    const advice = offline
        ? 'pip does not reach its package index. Check the network, HTTPS_PROXY and PIP_INDEX_URL, and try again.'
        : `LocalStack could not be installed. The whole output is in ${state.installLog}.`;
    return new TransientError(`${advice}\nThe last lines:\n${lines}`, { cause });
}

async function readInstalled(state: StateFolder): Promise<Installed | undefined> {
    try {
        // Its base interpreter may have been upgraded or removed since.
        await run(venvPython(state), ['-I', '-c', '']);
        return JSON.parse(await readFile(markerOf(state), 'utf8')) as Installed;
    } catch {
        return undefined;
    }
}

function pluginFiles(): string[] {
    const names = globSync('{pyproject.toml,cartlake_process_executor/*.{py,mjs}}', { cwd: PLUGIN });
    return names.sort().map((name) => join(PLUGIN, name));
}

async function digest(files: readonly string[]): Promise<string> {
    const hash = createHash('sha256');
    for (const file of files) hash.update(`${file.slice(import.meta.dirname.length)}\0`).update(await readFile(file));
    return hash.digest('hex');
}

function markerOf(state: StateFolder): string {
    return join(state.venv, 'installed.json');
}

function installId(state: StateFolder): string {
    return `installing ${state.root}`;
}

function pipCache(state: StateFolder): string {
    return join(state.root, 'pip-cache');
}
