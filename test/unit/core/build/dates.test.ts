import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, isWithin, rangesOf } from '#core/build/dates.ts';

describe('addDays', () => {
    it.each([
        ['2026-01-31', 1, '2026-02-01'],
        ['2024-02-28', 1, '2024-02-29'],
        ['2023-02-28', 1, '2023-03-01'],
        ['2026-01-01', -1, '2025-12-31'],
        ['2026-03-29', 1, '2026-03-30'],
        ['2026-01-01', 0, '2026-01-01'],
        ['1969-12-31', 2, '1970-01-02'],
    ])('%s and %i days is %s', (date, days, expected) => {
        expect(addDays(date, days)).toBe(expected);
    });
});

describe('rangesOf', () => {
    it('joins dates that follow each other, in any order, once', () => {
        expect(rangesOf(['2026-01-03', '2026-01-01', '2026-01-02', '2026-01-07', '2026-01-07'], 0, 0)).toEqual([
            { from: '2026-01-01', to: '2026-01-03' },
            { from: '2026-01-07', to: '2026-01-07' },
        ]);
    });

    it('widens each date and joins what then touches', () => {
        expect(rangesOf(['2026-01-10', '2026-01-14', '2026-02-01'], 2, 1)).toEqual([
            { from: '2026-01-08', to: '2026-01-15' },
            { from: '2026-01-30', to: '2026-02-02' },
        ]);
    });

    it('reaches back to the beginning of time', () => {
        expect(rangesOf(['2026-01-10', '2026-03-01'], 'all', 7)).toEqual([{ from: '0001-01-01', to: '2026-03-08' }]);
    });

    it('is empty for no dates', () => {
        expect(rangesOf([], 'all', 7)).toEqual([]);
    });

    it('covers exactly the widened dates, in ranges that do not touch', () => {
        const day = fc.integer({ min: 0, max: 120 });
        fc.assert(
            fc.property(fc.array(day, { maxLength: 20 }), fc.nat(5), fc.nat(5), (offsets, before, after) => {
                const dates = offsets.map((offset) => addDays('2026-01-01', offset));
                const ranges = rangesOf(dates, before, after);
                for (let offset = -10; offset < 140; offset++) {
                    const date = addDays('2026-01-01', offset);
                    const wanted = offsets.some((each) => each - before <= offset && offset <= each + after);
                    expect(isWithin(date, ranges)).toBe(wanted);
                }
                for (const [index, { from }] of ranges.entries()) {
                    const last = ranges[index - 1];
                    if (last) expect(from > addDays(last.to, 1)).toBe(true);
                }
            }),
            { numRuns: 50 },
        );
    });
});
