import { describe, expect, it } from 'vitest';
import { fileNameOf } from '#core/ledger/entry.ts';
import { createLedger } from '#core/ledger/ledger.ts';
import { allEntries, entryMeant } from '#core/status/entries.ts';
import { anEntry, anObject } from '#test/support/builders.ts';
import { createMemoryControl } from '#test/support/fakes/memory-control.ts';

const first = anEntry({ id: 'aabb01', object: anObject({ key: 'landing/orders/a.csv' }) });
const second = anEntry({ id: 'aacc02', object: anObject({ key: 'landing/orders/b.csv' }) });
const third = anEntry({
    id: 'dd0003',
    object: anObject({ key: 'landing/returns/b.csv' }),
    landedAt: '2026-02-01T10:00:00.000Z',
    state: 'rejected',
});
const entries = [first, second, third];

describe('entryMeant', () => {
    it.each([
        ['aabb01', first],
        ['aac', second],
        ['a.csv', first],
        ['landing/returns/b.csv', third],
    ])('finds %s', (text, entry) => {
        expect(entryMeant(entries, text)).toBe(entry);
    });

    it('refuses what names none or several', () => {
        expect(() => entryMeant(entries, 'zz')).toThrow('The ledger has no object "zz"');
        expect(() => entryMeant(entries, 'b.csv')).toThrow(
            '"b.csv" names 2 objects; say which by id: dd0003 (landing/returns/b.csv, landed 2026-02-01 10:00 UTC, rejected), aacc02 (',
        );
    });
});

it('gives the ledger in the order of arrival', async () => {
    let time = 9;
    const ledger = createLedger(createMemoryControl(), () => `2026-01-01T00:00:0${time--}.000Z`);
    for (const key of ['landing/orders/late.csv', 'landing/orders/early.csv']) {
        await ledger.receive({ object: anObject({ key }), dataset: 'orders', size: 1, landedAt: '2026-01-01' });
    }

    expect((await allEntries(ledger)).map(fileNameOf)).toEqual(['early.csv', 'late.csv']);
});
