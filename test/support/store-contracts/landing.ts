import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LandingStore } from '#core/store/ports.ts';
import { temporaryFolder } from '../temporary.ts';

/** What every landing store promises. `make` gives an empty one. */
export function describeLandingStore(name: string, make: () => Promise<LandingStore>): void {
    describe(`the landing store of ${name}`, () => {
        const fileOf = async (text: string) => {
            const path = join(await temporaryFolder(), 'source.csv');
            await writeFile(path, text);
            return path;
        };
        const textOf = async (landing: LandingStore, ref: Awaited<ReturnType<LandingStore['land']>>) => {
            const file = await landing.open(ref);
            const text = await readFile(file.path, 'utf8');
            await file.release();
            return text;
        };

        it('keeps a copy and leaves the source', async () => {
            const landing = await make();
            const source = await fileOf('a,b\n1,2\n');
            const ref = await landing.land('landing/orders/o.csv', source);
            await writeFile(source, 'changed');

            expect(ref).toMatchObject({ key: 'landing/orders/o.csv' });
            expect(await textOf(landing, ref)).toBe('a,b\n1,2\n');
        });

        it('is the same object for the same bytes under the same key, landed when it first was', async () => {
            const landing = await make();
            const source = await fileOf('x');
            const first = await landing.land('landing/orders/o.csv', source);
            const { landedAt } = (await landing.head(first)) ?? {};
            const again = await landing.land('landing/orders/o.csv', source);

            expect(again).toEqual(first);
            expect(await landing.head(again)).toEqual({ size: 1, landedAt });
        });

        it('keeps both versions of other bytes under the same key', async () => {
            const landing = await make();
            const one = await landing.land('landing/orders/o.csv', await fileOf('one'));
            const two = await landing.land('landing/orders/o.csv', await fileOf('two!'));

            expect(one.version).not.toBe(two.version);
            expect(await textOf(landing, one)).toBe('one');
            expect(await textOf(landing, two)).toBe('two!');
            expect((await landing.head(two))?.size).toBe(4);
        });

        it('says when there is no such object', async () => {
            const landing = await make();
            const ref = await landing.land('landing/orders/o.csv', await fileOf('x'));

            expect(await landing.head({ ...ref, version: 'other' })).toBeUndefined();
            expect(await landing.head({ ...ref, key: 'landing/orders/p.csv' })).toBeUndefined();
        });
    });
}
