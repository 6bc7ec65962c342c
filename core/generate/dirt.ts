import type { Shop } from './options.ts';
import { Random } from './random.ts';
import { STREAM } from './streams.ts';

/** Bad rows, by what is bad about them, and what an ingest has to do with each. */
export const DIRT = {
    text_in_number: 'rejected',
    scientific_notation: 'rejected',
    hexadecimal: 'rejected',
    not_a_number: 'rejected',
    fraction_in_integer: 'rejected',
    impossible_date: 'rejected',
    missing_key: 'rejected',
    negative_price: 'rejected',
    too_many_fields: 'rejected',
    too_few_fields: 'rejected',
    nul_byte: 'rejected',
    unescaped_quote: 'rejected',
    /** A good row once more, to the byte: it is accepted, and is one row with the first. */
    duplicate_key: 'merged',
} as const;

export type DirtKind = keyof typeof DIRT;
export const DIRT_KINDS = Object.keys(DIRT) as DirtKind[];

/** Ids of planted rows start here, far above all others: one that gets through is recognized. */
const FIRST_PLANTED_ID = 9_000_000_000_000_000;

/**
 * Puts bad rows between good rows of the events file, all kinds in turn. The good rows stay as they are: after an
 * ingest that works, the table is the table of the clean file. Calls `planted` for each bad row.
 */
export function* withDirt(rows: Iterable<string>, shop: Shop, planted: (kind: DirtKind) => void): Generator<string> {
    const random = new Random().restart(shop.seed, STREAM.dirt, 0);
    let count = 0;
    for (const row of rows) {
        yield row;
        if (!random.chance(shop.dirty)) continue;
        const kind = DIRT_KINDS[count % DIRT_KINDS.length]!;
        yield badRow(kind, FIRST_PLANTED_ID + count, row);
        planted(kind);
        count += 1;
    }
}

/** A purchase in the session of the good row, with one thing wrong. */
function badRow(kind: DirtKind, id: number, good: string): string {
    const [, time, user, session] = good.split(',', 4);
    const row = (changes: Readonly<Record<number, string>>) =>
        `${[id, time, user, session, 1, 'purchase', '10.0', '1.0', '0.0', ''].map((field, at) => changes[at] ?? field)}\n`;
    switch (kind) {
        case 'text_in_number':
            return row({ 6: 'ten' });
        case 'scientific_notation':
            return row({ 7: '1e3' });
        case 'hexadecimal':
            return row({ 3: '0x1F' });
        case 'not_a_number':
            return row({ 6: 'nan' });
        case 'fraction_in_integer':
            return row({ 7: '1.5' });
        case 'impossible_date':
            return row({ 1: '2023-02-30 10:00:00' });
        case 'missing_key':
            return row({ 0: '' });
        case 'negative_price':
            return row({ 6: '-10.0' });
        case 'too_many_fields':
            return row({ 9: ',one,two' });
        case 'too_few_fields':
            return `${id},${time},${user}\n`;
        case 'nul_byte':
            return row({ 5: 'pur\u0000chase' });
        case 'unescaped_quote':
            return row({ 9: '"{"query_len": 4}"' });
        case 'duplicate_key':
            return good;
    }
}
