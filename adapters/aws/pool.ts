/**
 * Does work on every item, at most `width` at a time, and returns the results in the items' order. After a failure
 * nothing new begins; what runs is waited for, then the first error is thrown.
 */
export async function inParallel<Item, Result>(
    items: readonly Item[],
    width: number,
    work: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> {
    const results = new Array<Result>(items.length);
    const failures: unknown[] = [];
    let next = 0;
    async function lane(): Promise<void> {
        while (next < items.length && failures.length === 0) {
            const index = next++;
            try {
                results[index] = await work(items[index] as Item, index);
            } catch (error) {
                failures.push(error);
            }
        }
    }
    await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane));
    if (failures.length > 0) throw failures[0];
    return results;
}
