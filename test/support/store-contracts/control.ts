import { describe, expect, it } from 'vitest';
import { ConflictError } from '#core/errors.ts';
import type { ControlStore } from '#core/store/ports.ts';
import { swap } from '#core/store/swap.ts';

/** What every control store promises. `make` gives an empty one. */
export function describeControlStore(name: string, make: () => Promise<ControlStore>): void {
    describe(`the control store of ${name}`, () => {
        it('gives back what was written, with a tag', async () => {
            const control = await make();
            const etag = await control.create('control/a/b', { n: 1, text: 'ä "quoted"\n' });

            expect(await control.read('control/a/b')).toEqual({ value: { n: 1, text: 'ä "quoted"\n' }, etag });
        });

        it('has nothing under a key that was never written', async () => {
            expect(await (await make()).read('control/nothing')).toBeUndefined();
        });

        it('refuses to create a key twice and keeps the first value', async () => {
            const control = await make();
            await control.create('k', 1);

            await expect(control.create('k', 2)).rejects.toThrow(ConflictError);
            await expect(control.create('k', 2)).rejects.toThrow('k exists already.');
            expect((await control.read('k'))?.value).toBe(1);
        });

        it('replaces the state a tag names, and only that', async () => {
            const control = await make();
            const first = await control.create('k', 1);
            const second = await control.replace('k', 2, first);

            expect(second).not.toBe(first);
            await expect(control.replace('k', 3, first)).rejects.toThrow(ConflictError);
            await expect(control.replace('k', 3, first)).rejects.toThrow('k was changed by somebody else.');
            expect(await control.read('k')).toEqual({ value: 2, etag: second });
        });

        it('refuses to replace what is not there', async () => {
            const control = await make();
            const etag = await control.create('k', 1);
            await control.remove('k');

            await expect(control.replace('k', 2, etag)).rejects.toThrow(ConflictError);
            expect(await control.read('k')).toBeUndefined();
        });

        it('forgets a removed key, which can then be created again', async () => {
            const control = await make();
            await control.create('k', 1);
            await control.remove('k');
            await control.remove('k');
            await control.create('k', 2);

            expect((await control.read('k'))?.value).toBe(2);
        });

        it('lists the keys below a prefix, sorted, at any depth, and no key that only begins alike', async () => {
            const control = await make();
            for (const key of ['p/b', 'p/a/z', 'p/a/b', 'pq/c', 'q']) await control.create(key, {});

            expect(await control.list('p')).toEqual(['p/a/b', 'p/a/z', 'p/b']);
            expect(await control.list('p/a')).toEqual(['p/a/b', 'p/a/z']);
            expect(await control.list('nothing')).toEqual([]);
        });

        it('lists no key that was removed', async () => {
            const control = await make();
            await control.create('p/a', {});
            await control.create('p/b', {});
            await control.remove('p/a');

            expect(await control.list('p')).toEqual(['p/b']);
        });

        it('lets exactly one of many creators win', async () => {
            const control = await make();
            const tries = Array.from({ length: 20 }, (_, n) =>
                control.create('k', n).then(
                    () => n,
                    () => undefined,
                ),
            );
            const winners = (await Promise.all(tries)).filter((n) => n !== undefined);

            expect(winners).toHaveLength(1);
            expect((await control.read('k'))?.value).toBe(winners[0]);
        });

        it('loses none of many increments', async () => {
            const control = await make();
            await Promise.all(Array.from({ length: 40 }, () => swap<number>(control, 'counter', (now = 0) => now + 1)));

            expect((await control.read('counter'))?.value).toBe(40);
        });

        it('keeps readers supplied while states come and go', async () => {
            const control = await make();
            await control.create('k', 0);
            const writing = (async () => {
                for (let n = 0; n < 60; n++) await swap<number>(control, 'k', (now = 0) => now + 1);
            })();
            const seen: number[] = [];
            for (let n = 0; n < 60; n++) seen.push((await control.read<number>('k'))?.value ?? Number.NaN);
            await writing;

            expect(seen).toEqual(seen.toSorted((a, b) => a - b));
        });
    });
}
