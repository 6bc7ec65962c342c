import { describe, expect, it } from 'vitest';
import { turnsOf } from '#embedded/turns.ts';

describe('turns', () => {
    it('lets a few work at a time, first come, first served', async () => {
        const turns = turnsOf(2);
        const order: string[] = [];
        const ends: (() => void)[] = [];
        const all = ['a', 'b', 'c', 'd'].map(async (name) => {
            const end = await turns();
            order.push(name);
            ends.push(end);
        });

        await Promise.all(all.slice(0, 2));
        expect(order).toEqual(['a', 'b']);
        ends[1]?.();
        await all[2];
        expect(order).toEqual(['a', 'b', 'c']);
        ends[0]?.();
        await all[3];
        expect(order).toEqual(['a', 'b', 'c', 'd']);
    });

    it('are there again when nobody waits', async () => {
        const turns = turnsOf(1);
        (await turns())();

        await expect(turns()).resolves.toBeTypeOf('function');
    });
});
