import type { Execution, Invocation } from '../execution.ts';
import { FAILURES, StateFailure } from '../failure.ts';

/**
 * Runs a piece of work until it ends, the timeout (seconds) passes or the signal is aborted. In the last two cases
 * its own signal is aborted and nobody waits for it: as with a function that runs on after the service gave it up.
 * Throws States.Timeout, the signal's reason, or what the work throws.
 */
export async function invoke<T>(
    work: (invocation: Invocation) => Promise<T>,
    within: {
        readonly timeout: number | undefined;
        readonly execution: Pick<Execution, 'clock' | 'deadline'>;
        readonly signal: AbortSignal;
    },
): Promise<T> {
    const { timeout, execution, signal } = within;
    signal.throwIfAborted();
    const stopWork = new AbortController();
    const stopTimer = new AbortController();
    const stopped = Promise.withResolvers<never>();
    const onAbort = () => stopped.reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    const ends = timeout === undefined ? [] : [execution.clock.now() + timeout * 1000];
    const deadlines = execution.deadline === undefined ? ends : [...ends, execution.deadline];
    const deadline = deadlines.length > 0 ? Math.min(...deadlines) : undefined;
    const racers = [work({ signal: stopWork.signal, deadline }), stopped.promise];
    if (timeout !== undefined) {
        const timer = execution.clock.sleep(timeout * 1000, stopTimer.signal);
        racers.push(
            timer.then(() => {
                throw new StateFailure(FAILURES.timeout, undefined, { located: true });
            }),
        );
    }
    // Whoever loses the race may still reject, with nobody listening.
    for (const racer of racers) racer.catch(() => undefined);
    try {
        return await Promise.race(racers);
    } catch (error) {
        stopWork.abort(error);
        signal.throwIfAborted();
        throw error;
    } finally {
        stopTimer.abort();
        signal.removeEventListener('abort', onAbort);
    }
}
