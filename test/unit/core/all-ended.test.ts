import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { allEnded } from '#core/all-ended.ts';

test('gives the results in order, whichever ended first', async () => {
    await expect(allEnded([sleep(5, 'slow'), 'at once', sleep(1, 'quick')])).resolves.toEqual([
        'slow',
        'at once',
        'quick',
    ]);
});

test('fails as the first of them does, when the last has ended', async () => {
    let hasEnded = false;
    const slow = sleep(20).then(() => {
        hasEnded = true;
    });
    await expect(allEnded([slow, Promise.reject(new Error('no place'))])).rejects.toThrow('no place');
    expect(hasEnded).toBe(true);
});
