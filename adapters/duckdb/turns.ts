/** Does some work when its turn has come: alone, or beside others that need not be alone. Fails as the work does. */
export type Turns = <T>(how: 'alone' | 'beside', work: () => Promise<T>) => Promise<T>;

/** Turns in the order in which they were asked for; up to `most` that need not be alone work at a time. */
export function turnsBeside(most: number): Turns {
    const working = new Set<Promise<unknown>>();
    let entrance: Promise<unknown> = Promise.resolve();
    return async (how, work) => {
        const entered = entrance.then(async () => {
            while (working.size >= (how === 'alone' ? 1 : most)) await Promise.race(working);
            const done = work();
            const ended: Promise<unknown> = done.catch(() => undefined).then(() => working.delete(ended));
            working.add(ended);
            // In an object: the entrance opens when work has begun, not when it has ended.
            return { done, ended };
        });
        entrance = how === 'alone' ? entered.then(({ ended }) => ended) : entered;
        return (await entered).done;
    };
}
