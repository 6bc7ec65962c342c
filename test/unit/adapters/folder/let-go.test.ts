import { describe, expect, it } from 'vitest';
import { letGo } from '#adapters/folder/let-go.ts';

describe('letting bytes go', () => {
    it('gives back the memory that they have for themselves', () => {
        const bytes = Buffer.from(new ArrayBuffer(1_000_000));
        letGo(bytes);
        expect(bytes.length).toBe(0);
    });

    it('counts the byte more that inflating takes', () => {
        const bytes = Buffer.from(new ArrayBuffer(101), 0, 100);
        letGo(bytes);
        expect(bytes.length).toBe(0);
    });

    it('leaves alone what others may use: a cut of an archive, a piece of a pool', () => {
        const archive = Buffer.from(new ArrayBuffer(1_000));
        const cut = archive.subarray(30);
        const beginning = archive.subarray(0, 500);
        for (const bytes of [cut, beginning]) letGo(bytes);
        expect([cut.length, beginning.length, archive.length]).toEqual([970, 500, 1_000]);
    });
});
