import { describe, expect, it } from 'vitest';
import { batchesOf } from '#core/build/batches.ts';
import type { Input } from '#core/build/inputs.ts';
import { aContract, aPart, aRegisteredObject, aVersion } from '#test/support/builders.ts';

const inputs = (...list: Input[]) => new Map(list.map((input, index) => [`input${index}`, input]));
const dataset = (dates: Record<string, number>): Input => ({
    kind: 'dataset',
    contract: aContract(),
    objects: [aRegisteredObject('a', dates)],
});

describe('batches of dates', () => {
    it('hold as many dates as two million input rows allow, in order', () => {
        const rows = { '2026-01-01': 900_000, '2026-01-02': 900_000, '2026-01-03': 900_000 };
        const stale = ['2026-01-03', '2026-01-01', '2026-01-02'];

        expect(batchesOf({ inputs: inputs(dataset(rows)), stale })).toEqual([
            ['2026-01-01', '2026-01-02'],
            ['2026-01-03'],
        ]);
    });

    it('give a date that is too large a batch of its own', () => {
        const rows = { '2026-01-01': 10, '2026-01-02': 9_000_000, '2026-01-03': 10 };

        expect(batchesOf({ inputs: inputs(dataset(rows)), stale: Object.keys(rows) })).toEqual([
            ['2026-01-01'],
            ['2026-01-02'],
            ['2026-01-03'],
        ]);
    });

    it('add up what all inputs hold of a date', () => {
        const version = aVersion({
            parts: { '2026-01-01': aPart('x', { rows: 1_500_000 }), '2026-01-02': aPart('y') },
        });
        const list = inputs(
            dataset({ '2026-01-02': 1_000_000 }),
            { kind: 'table', byDate: true, version },
            { kind: 'table', byDate: false, version: aVersion() },
            { kind: 'table', byDate: true, version: undefined },
            { kind: 'values', columns: [], rows: [] },
        );

        expect(batchesOf({ inputs: list, stale: ['2026-01-01', '2026-01-02'] })).toEqual([
            ['2026-01-01'],
            ['2026-01-02'],
        ]);
    });

    it('hold as many rows and dates as the engine takes', () => {
        const stale = ['2026-01-01', '2026-01-02', '2026-01-03'];
        const list = inputs(dataset(Object.fromEntries(stale.map((date) => [date, 10]))));

        expect(batchesOf({ inputs: list, stale }, { rows: 1_000, dates: 2 }).map(({ length }) => length)).toEqual([
            2, 1,
        ]);
        expect(batchesOf({ inputs: list, stale }, { rows: 10, dates: 2 }).map(({ length }) => length)).toEqual([
            1, 1, 1,
        ]);
    });

    it('may be limited by dates alone', () => {
        const stale = ['2026-01-01', '2026-01-02', '2026-01-03'];
        const limits = { rows: Number.POSITIVE_INFINITY, dates: 2 };

        expect(batchesOf({ inputs: inputs(dataset({})), stale }, limits)).toEqual([stale.slice(0, 2), stale.slice(2)]);
    });

    it('are one for many small dates, and none for no dates', () => {
        expect(batchesOf({ inputs: inputs(dataset({})), stale: ['2026-01-02', '2026-01-01'] })).toEqual([
            ['2026-01-01', '2026-01-02'],
        ]);
        expect(batchesOf({ inputs: inputs(dataset({})), stale: [] })).toEqual([]);
    });
});
