import { describe, expect, it } from 'vitest';
import { UsageError } from '#core/errors.ts';
import { DIRT_KINDS } from '#core/generate/dirt.ts';
import { generateShop } from '#core/generate/shop.ts';
import { textOf } from './read.ts';

const OPTIONS = { users: 1_000, seed: 9 };
const clean = textOf(generateShop(OPTIONS), 'events').split('\n');
const shop = generateShop({ ...OPTIONS, dirty: 0.02 });
const dirty = textOf(shop, 'events').split('\n');
const manifest = shop.manifest();

/** How to tell each kind of planted row by its fields. */
const SIGNS: Record<string, (fields: string[]) => boolean> = {
    text_in_number: (fields) => fields[6] === 'ten',
    scientific_notation: (fields) => fields[7] === '1e3',
    hexadecimal: (fields) => fields[3] === '0x1F',
    not_a_number: (fields) => fields[6] === 'nan',
    fraction_in_integer: (fields) => fields[7] === '1.5',
    impossible_date: (fields) => fields[1] === '2023-02-30 10:00:00',
    missing_key: (fields) => fields[0] === '',
    negative_price: (fields) => fields[6] === '-10.0',
    too_many_fields: (fields) => fields.length === 12,
    too_few_fields: (fields) => fields.length === 3,
    nul_byte: (fields) => fields[5]?.includes('\u0000') === true,
    unescaped_quote: (fields) => fields[9] === '"{"query_len": 4}"',
};

describe('dirty rows', () => {
    it('are planted as often as asked, every kind in turn', () => {
        const counts = Object.values(manifest.planted);
        const total = counts.reduce((sum, count) => sum + count, 0);
        expect(Object.keys(manifest.planted)).toEqual(DIRT_KINDS);
        expect(total / (clean.length - 2)).toBeCloseTo(0.02, 2);
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
        expect(Math.min(...counts)).toBeGreaterThan(5);
    });

    it('are counted by kind, and by what an ingest has to do with them', () => {
        const rows = dirty.slice(1, -1).map((line) => line.split(','));
        for (const [kind, sign] of Object.entries(SIGNS)) {
            expect([kind, rows.filter(sign).length]).toEqual([
                kind,
                manifest.planted[kind as keyof typeof manifest.planted],
            ]);
        }
        const repeated = dirty.filter((line, at) => at > 0 && line !== '' && line === dirty[at - 1]).length;
        expect(manifest.merged).toBe(repeated);
        expect(manifest.planted.duplicate_key).toBe(repeated);
        expect(manifest.rows).toBe(rows.length);
        expect(manifest.rows - manifest.rejected - manifest.merged).toBe(clean.length - 2);
    });

    it('leave the good rows as they are, in their order', () => {
        const good = new Set(clean);
        const kept = dirty.filter((line, at) => good.has(line) && line !== dirty[at - 1]);
        expect(kept).toEqual(clean);
    });

    it('have ids far above all others, so that one that gets through is recognized', () => {
        const good = new Set(clean);
        const ids = dirty.filter((line) => !good.has(line)).map((line) => line.split(',')[0]!);
        for (const id of ids.filter((text) => text !== '')) expect(Number(id)).toBeGreaterThanOrEqual(9e15);
        expect(new Set(ids).size).toBeGreaterThan(ids.length - manifest.planted.missing_key);
    });

    it('stay out of the other files', () => {
        for (const name of ['users', 'products', 'experiment_assignments', 'sessions']) {
            expect(textOf(shop, name)).toBe(textOf(generateShop(OPTIONS), name));
        }
    });

    it('are none unless asked for', () => {
        const plain = generateShop(OPTIONS);
        expect(textOf(plain, 'events').split('\n')).toEqual(clean);
        expect(plain.manifest()).toMatchObject({ rows: clean.length - 2, rejected: 0, merged: 0 });
    });

    it('cannot be told before the file was written', () => {
        const unread = generateShop(OPTIONS);
        expect(() => unread.manifest()).toThrow(UsageError);
        const events = unread.files.at(-1)!;
        for (const _chunk of events.chunks) break;
        expect(() => unread.manifest()).toThrow(
            'expected events.csv to be written before its manifest is asked for, found it unread. Iterate its chunks to the end first.',
        );
    });
});
