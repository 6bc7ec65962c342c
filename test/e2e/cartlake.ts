import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { PROJECT_ROOT } from '#embedded/project.ts';

/** What a command said and how it ended. */
export interface Ended {
    readonly code: number | null;
    readonly out: string;
    readonly err: string;
}

export interface CallOptions {
    readonly cwd: string;
    readonly input?: string;
    readonly env?: Record<string, string>;
}

/** Starts the real binary. */
export function start(words: readonly string[], { cwd, env }: CallOptions): ChildProcess {
    const binary = join(PROJECT_ROOT, 'bin', 'cartlake.js');
    return spawn(process.execPath, [binary, ...words], { cwd, env: { ...process.env, NO_COLOR: '1', ...env } });
}

/** Runs the real binary to its end. */
export async function cartlake(words: readonly string[], options: CallOptions): Promise<Ended> {
    const child = start(words, options);
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(options.input ?? '');
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
    const [out, err] = await Promise.all([text(child.stdout!), text(child.stderr!)]);
    return { code: await ended, out, err };
}
