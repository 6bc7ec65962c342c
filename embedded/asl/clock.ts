/** Time, so that tests wait for nothing. */
export interface Clock {
    /** Milliseconds since 1970, UTC. */
    now(): number;
    /** Resolves after `ms`; rejects with the signal's reason as soon as it is aborted. */
    sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** Node fires timers beyond this at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** The machine's own time. A pending sleep keeps the process alive. */
export const systemClock: Clock = {
    now: () => Date.now(),
    async sleep(ms, signal) {
        const end = Date.now() + ms;
        for (let left = ms; left > 0; left = end - Date.now()) await timer(Math.min(left, LONGEST_TIMER), signal);
        signal.throwIfAborted();
    },
};

function timer(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
        signal.throwIfAborted();
        const onAbort = () => {
            clearTimeout(handle);
            reject(signal.reason);
        };
        const handle = setTimeout(() => {
            signal.removeEventListener('abort', onAbort);
            resolve();
        }, ms);
        signal.addEventListener('abort', onAbort, { once: true });
    });
}
