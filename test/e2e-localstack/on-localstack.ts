import { setTimeout as sleep } from 'node:timers/promises';
import { coerceError, PipelineError } from '#core/errors.ts';
import { runCommand, say } from '#localstack/command-line.ts';
import type { StateFolder } from '#localstack/state.ts';
import { makeFolder, tearDown } from './place.ts';

const GRACE_MS = 2_000;
export const seconds = (since: number) => `${((performance.now() - since) / 1000).toFixed(1)} s`;

/** What checks run in: a folder of their own, which goes when they end or are stopped. */
export interface Run {
    readonly folder: string;
    readonly state: StateFolder;
    readonly stop: AbortSignal;
    /** Does one check, says how it ended and counts it. `work` may return what to say of it beside its name. */
    check(name: string, work: () => Promise<string | undefined>): Promise<void>;
}

/** Does checks in a folder of their own, says how many passed, and ends the process: with 1 when one failed. */
export async function runOnLocalStack(checkAll: (run: Run) => Promise<void>): Promise<never> {
    let failed = 0;
    let passed = 0;
    const check: Run['check'] = async (name, work) => {
        const start = performance.now();
        try {
            const done = await work();
            passed++;
            say(`ok      ${name}${done === undefined ? '' : `; ${done}`} (${seconds(start)})`);
        } catch (error) {
            failed++;
            say(`FAILED  ${name} (${seconds(start)})\n${coerceError(error).stack}`);
        }
    };
    await runCommand(async () => {
        const began = performance.now();
        const stop = new AbortController();
        const stopped = new Promise<void>((resolve) => stop.signal.addEventListener('abort', () => resolve()));
        for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
            process.on(signal, () => stop.abort(new PipelineError(`Stopped by ${signal}.`)));
        }
        const { folder, state } = await makeFolder();
        try {
            const work = checkAll({ folder, state, stop: stop.signal, check });
            await Promise.race([work, stopped]);
            // What runs ends by itself, or when LocalStack is gone.
            if (stop.signal.aborted) await Promise.race([work.catch(() => undefined), sleep(GRACE_MS)]);
            stop.signal.throwIfAborted();
        } catch (error) {
            failed++;
            console.error(coerceError(error).message);
        } finally {
            await tearDown(folder, state);
        }
        say(`everything took ${seconds(began)}`);
        say(`${passed} passed, ${failed} failed`);
    });
    process.exit(failed > 0 ? 1 : process.exitCode);
}
