import { expect, it } from 'vitest';
import { inParallel } from '#adapters/aws/pool.ts';

const soon = () => new Promise((resolve) => setTimeout(resolve, 1));

it('works on few items at a time and answers in their order', async () => {
    let running = 0;
    let most = 0;
    const results = await inParallel([5, 4, 3, 2, 1], 2, async (item, index) => {
        most = Math.max(most, ++running);
        await soon();
        running--;
        return item * 10 + index;
    });

    expect(results).toEqual([50, 41, 32, 23, 14]);
    expect(most).toBe(2);
});

it('begins nothing after a failure, waits for what runs and throws the first error', async () => {
    const ended: number[] = [];
    const work = inParallel([0, 1, 2, 3], 2, async (item) => {
        if (item === 0) throw new Error('first');
        await soon();
        ended.push(item);
    });

    await expect(work).rejects.toThrow('first');
    expect(ended).toEqual([1]);
});

it('has nothing to do without items', async () => {
    expect(await inParallel([], 8, async () => 1)).toEqual([]);
});
