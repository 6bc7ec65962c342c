import { describe, expect, it } from 'vitest';
import { turnsOf } from '#embedded/turns.ts';

describe('turns', () => {
    it('lets a few work at a time, first come, first served', async () => {
        const turns = turnsOf(2);
        const order: string[] = [];
        const ends: (() => void)[] = [];
        const all = ['a', 'b', 'c', 'd'].map(async (name) => {
            const end = await turns.take();
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
        (await turns.take())();

        await expect(turns.take()).resolves.toBeTypeOf('function');
    });

    it('are unclaimed when nobody waits for one', async () => {
        const turns = turnsOf(1);
        const end = await turns.take();
        await turns.unclaimed();
        const second = turns.take();
        let isUnclaimed = false;
        const told = turns.unclaimed().then(() => {
            isUnclaimed = true;
        });

        await new Promise((wake) => setTimeout(wake, 10));
        expect(isUnclaimed).toBe(false);
        end();
        await told;
        await second;
    });
});
