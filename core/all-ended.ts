/** The results of all, when the last of them has ended: none runs on after a failure. Fails as the first one does. */
export async function allEnded<const T extends readonly unknown[]>(
    running: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
    await Promise.allSettled(running);
    return Promise.all(running);
}
