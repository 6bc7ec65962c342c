import { afterEach, describe, expect, it, vi } from 'vitest';
import { ConflictError } from '#core/errors.ts';
import { swap } from '#core/store/swap.ts';
import { createMemoryControl } from '#test/support/fakes/memory-control.ts';

afterEach(() => vi.useRealTimers());

describe('swap', () => {
    it('creates a document that is not there and changes one that is', async () => {
        const control = createMemoryControl();

        expect(await swap<number>(control, 'k', (now) => now ?? 1)).toBe(1);
        expect(await swap<number>(control, 'k', (now = 0) => now + 1)).toBe(2);
        expect((await control.read('k'))?.value).toBe(2);
    });

    it('leaves the document alone when there is nothing to change, and says what stands', async () => {
        const control = createMemoryControl();

        expect(await swap(control, 'k', () => undefined)).toBeUndefined();
        await control.create('k', 7);
        expect(await swap(control, 'k', () => undefined)).toBe(7);
        expect(control.writes).toEqual(['create k']);
    });

    it('computes the next state again from what somebody else wrote in between', async () => {
        const control = createMemoryControl();
        await control.create('k', 1);
        const seen: (number | undefined)[] = [];
        control.beforeWrite = async () => {
            control.beforeWrite = () => undefined;
            await swap<number>(control, 'k', (now = 0) => now * 10);
        };
        const result = await swap<number>(control, 'k', (now = 0) => {
            seen.push(now);
            return now + 1;
        });

        expect(seen).toEqual([1, 10]);
        expect(result).toBe(11);
        expect((await control.read('k'))?.value).toBe(11);
    });

    it('passes on what is no conflict', async () => {
        const control = createMemoryControl();
        control.beforeWrite = () => {
            throw new Error('the disk is on fire');
        };

        await expect(swap(control, 'k', () => 1)).rejects.toThrow('the disk is on fire');
    });

    it('gives up on a document that never stands still', async () => {
        vi.useFakeTimers();
        const control = createMemoryControl();
        let tries = 0;
        control.beforeWrite = () => {
            tries++;
            throw new ConflictError('always somebody else');
        };
        const work = swap(control, 'k', () => 1);
        const outcome = expect(work).rejects.toThrow('k keeps changing: gave up after 200 tries.');
        await vi.runAllTimersAsync();
        await outcome;

        await expect(work).rejects.toThrow(ConflictError);
        expect(tries).toBe(200);
    });

    it('lets many writers through, each once', async () => {
        const control = createMemoryControl();
        const results = await Promise.all(
            Array.from({ length: 100 }, () => swap<number>(control, 'k', (now = 0) => now + 1)),
        );

        expect(results.toSorted((a = 0, b = 0) => a - b)).toEqual(Array.from({ length: 100 }, (_, n) => n + 1));
    });
});
