import { execFile, execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Runs a script of this folder in a process of its own. Rejects with its error output when it fails. */
export async function runProcess(script: string, ...args: readonly string[]): Promise<string> {
    const path = join(import.meta.dirname, script);
    return (await execute(process.execPath, [path, ...args])).stdout;
}

/** The same, while this process stands still. */
export function runProcessSync(script: string, ...args: readonly string[]): void {
    execFileSync(process.execPath, [join(import.meta.dirname, script), ...args]);
}
