/**
 * Runs `count` jobs, at most `limit` at once, started in order, and returns their results in order. The first
 * failure aborts the signal that the others got; once all have stopped it is thrown. Aborting `parent` stops all.
 */
export async function together<T>(
    count: number,
    limit: number,
    parent: AbortSignal,
    job: (index: number, signal: AbortSignal) => Promise<T>,
): Promise<T[]> {
    const stop = new AbortController();
    const signal = AbortSignal.any([parent, stop.signal]);
    const results = new Array<T>(count);
    let next = 0;
    let failure: { readonly error: unknown } | undefined;

    async function work(): Promise<void> {
        while (next < count && !signal.aborted) {
            const index = next++;
            try {
                results[index] = await job(index, signal);
            } catch (error) {
                failure ??= { error };
                stop.abort(error);
            }
        }
    }

    await Promise.all(Array.from({ length: Math.min(limit, count) }, work));
    parent.throwIfAborted();
    if (failure) throw failure.error;
    return results;
}
