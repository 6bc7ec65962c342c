import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PipelineError, UsageError } from '#core/errors.ts';
import { PROJECT_ROOT } from '#embedded/project.ts';
import type { Cost } from '../samples.ts';

const run = promisify(execFile);

/** The versions the published figures were made with. */
const PACKAGES = ['pandas==3.1.1', 'polars==2.1.0'];

/**
 * The Python of a virtual environment with pandas and polars, made on first use. Throws UsageError where there is no
 * Python 3, or the packages cannot be had.
 */
export async function benchPython(): Promise<string> {
    const folder = join(PROJECT_ROOT, 'node_modules', '.cache', 'cartlake-bench-python');
    const python = join(folder, 'bin', 'python');
    const ready = join(folder, 'ready');
    const isReady = await access(ready).then(
        () => true,
        () => false,
    );
    if (isReady) return python;
    console.error('sales: making a virtual environment with pandas and polars');
    try {
        await run('python3', ['-m', 'venv', '--clear', folder]);
        await run(python, ['-m', 'pip', 'install', '--quiet', ...PACKAGES]);
        await run(python, ['-c', `open(${JSON.stringify(ready)}, 'w').close()`]);
    } catch (error) {
        throw new UsageError(
            `This benchmark needs Python 3 with venv, and a package index to install ${PACKAGES.join(' and ')} from. ` +
                `Install Python and try again. It said: ${(error as Error).message.split('\n')[0]}`,
        );
    }
    return python;
}

/** Runs a command to its end and measures it from outside. Throws PipelineError with its last words when it fails. */
export async function measured(python: string, command: readonly string[]): Promise<Cost> {
    const { stdout } = await run(python, [join(import.meta.dirname, 'measure.py'), ...command]);
    const { code, errors, ...cost } = JSON.parse(stdout) as Cost & { code: number; errors: string };
    if (code !== 0) throw new PipelineError(`${command.join(' ')} ended with code ${code}: ${errors}`);
    return cost;
}
