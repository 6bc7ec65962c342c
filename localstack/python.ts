import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { UsageError } from '#core/errors.ts';

const run = promisify(execFile);

/** What LocalStack 4.14.0 runs on, best first: older ones with `older_python.py`; its dependencies exclude 3.14. */
const SUPPORTED: readonly string[] = ['3.13', '3.12', '3.11'];

const DESCRIBE = [
    'import json, sys',
    'try:',
    '    import ensurepip, venv',
    '    complete = True',
    'except ImportError:',
    '    complete = False',
    'print(json.dumps({"version": "%d.%d.%d" % sys.version_info[:3], "path": sys.executable, "complete": complete,',
    '    "cpython": sys.implementation.name == "cpython"}))',
].join('\n');

/** A Python that can hold LocalStack's virtual environment. */
export interface Python {
    readonly path: string;
    readonly version: string;
}

interface Answer extends Python {
    readonly complete: boolean;
    readonly cpython: boolean;
}

/**
 * The Python named by CARTLAKE_PYTHON, or the first that fits: python3.13, the older ones and python3 on the PATH, then
 * those of pyenv. Throws UsageError that lists what was found instead.
 */
export async function findPython(env: NodeJS.ProcessEnv = process.env): Promise<Python> {
    const named = env.CARTLAKE_PYTHON;
    const onPath = [...SUPPORTED.map((version) => `python${version}`), 'python3'];
    const candidates = named ? [named] : [...onPath, ...(await pyenvPythons(env))];
    const rejected: string[] = [];
    for (const candidate of candidates) {
        const answer = await ask(candidate, env);
        const problem = answer === undefined ? undefined : problemOf(answer);
        if (answer !== undefined && problem === undefined) return { path: answer.path, version: answer.version };
        if (answer !== undefined) rejected.push(`  ${answer.path} (${answer.version}): ${problem}`);
        else if (named) rejected.push(`  ${named}: cannot be run`);
    }
    throw new UsageError(
        [
            'LocalStack without Docker needs CPython 3.11, 3.12 or 3.13 with its venv module.',
            ...(rejected.length > 0 ? ['Found:', ...new Set(rejected)] : ['Found no Python at all.']),
            'Install one (Debian and Ubuntu: apt-get install python3-venv; macOS: brew install python@3.13),',
            'or name one: CARTLAKE_PYTHON=/path/to/python3. With Docker, no Python is needed:',
            'docker compose -f localstack/docker-compose.yaml up',
        ].join('\n'),
    );
}

function problemOf(answer: Answer): string | undefined {
    if (!answer.cpython) return 'not CPython';
    if (!SUPPORTED.includes(answer.version.split('.', 2).join('.'))) return `not ${SUPPORTED.join(', ')}`;
    return answer.complete ? undefined : 'lacks venv or ensurepip';
}

/** Newest first among the installed ones, as far as the folder names tell. */
async function pyenvPythons(env: NodeJS.ProcessEnv): Promise<string[]> {
    const versions = join(env.PYENV_ROOT || join(env.HOME || homedir(), '.pyenv'), 'versions');
    const names = await readdir(versions).catch((): string[] => []);
    const sorted = names.sort((a, b) => b.localeCompare(a, 'en', { numeric: true }));
    return sorted.map((name) => join(versions, name, 'bin', 'python3'));
}

/** Undefined when there is no such program, or it is a placeholder that only prints an error. */
async function ask(command: string, env: NodeJS.ProcessEnv): Promise<Answer | undefined> {
    try {
        const { stdout } = await run(command, ['-I', '-c', DESCRIBE], { env, timeout: 10_000 });
        return JSON.parse(stdout) as Answer;
    } catch {
        return undefined;
    }
}
