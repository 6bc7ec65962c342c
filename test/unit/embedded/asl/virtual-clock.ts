import type { Clock } from '#embedded/asl/clock.ts';

/** A clock that jumps to the next timer as soon as nothing else is left to do. */
export function virtualClock(start = '2026-01-01T00:00:00.000Z'): Clock & { elapsed(): number; pending(): number } {
    const begin = Date.parse(start);
    let now = begin;
    let timers: { readonly at: number; readonly fire: () => void }[] = [];

    const tick = () => {
        const next = timers.toSorted((a, b) => a.at - b.at)[0];
        if (!next) return;
        timers = timers.filter((timer) => timer !== next);
        now = Math.max(now, next.at);
        next.fire();
        setImmediate(tick);
    };

    return {
        now: () => now,
        elapsed: () => now - begin,
        pending: () => timers.length,
        sleep(ms, signal) {
            return new Promise((resolve, reject) => {
                if (signal.aborted) return reject(signal.reason);
                const onAbort = () => {
                    timers = timers.filter((each) => each !== timer);
                    reject(signal.reason);
                };
                const timer = {
                    at: now + ms,
                    fire: () => {
                        signal.removeEventListener('abort', onAbort);
                        resolve();
                    },
                };
                signal.addEventListener('abort', onAbort, { once: true });
                timers.push(timer);
                setImmediate(tick);
            });
        },
    };
}
