import { describe, expect, it } from 'vitest';
import { inputMoments, openBook } from '#core/experiment/moments.ts';
import { aMean, aRatio, aShare } from './rows-builder.ts';

const PAIRS = [
    [1, 2],
    [3, 1],
    [0, 4],
    [2, 2],
    [5, 3],
] as const;

describe('the book of moments', () => {
    it('merges days to the moments of all users together', () => {
        const whole = openBook([aRatio('bounce_rate', 'control', PAIRS)]);
        const byDay = openBook([
            aRatio('bounce_rate', 'control', PAIRS.slice(0, 2), { exposedOn: '2023-05-02' }),
            aRatio('bounce_rate', 'control', PAIRS.slice(2), { exposedOn: '2023-05-01' }),
        ]);
        const [a, b] = [whole, byDay].map((book) => book.pooled({ metric: 'bounce_rate', variant: 'control' }));

        for (const name of ['count', 'meanX', 'm2X', 'meanY', 'm2Y', 'comoment'] as const) {
            expect(b?.[name]).toBeCloseTo(a![name], 12);
        }
    });

    it('keeps precision far from zero', () => {
        const book = openBook([
            aMean('revenue', 'control', [1e9, 1e9 + 1], { exposedOn: '2023-05-01' }),
            aMean('revenue', 'control', [1e9 + 2, 1e9 + 3], { exposedOn: '2023-05-02' }),
        ]);

        expect(book.pooled({ metric: 'revenue', variant: 'control' }).m2Y).toBe(5);
    });

    it('has the moments of nothing where there are no rows', () => {
        expect(openBook([]).pooled({ metric: 'revenue', variant: 'control' }).count).toBe(0);
    });

    it('keeps segments apart from the whole', () => {
        const book = openBook([
            aShare('purchased', 'control', 5, 10),
            aShare('purchased', 'control', 2, 4, { dimension: 'country', segment: 'DE' }),
        ]);

        expect(book.pooled({ metric: 'purchased', variant: 'control' }).count).toBe(10);
        expect(
            book.pooled({ metric: 'purchased', variant: 'control', dimension: 'country', segment: 'DE' }).count,
        ).toBe(4);
        expect(book.segmentsOf('country')).toEqual(['DE']);
    });

    it('prints divisors only for ratios', () => {
        const book = openBook([aMean('revenue', 'control', [1, 2]), aRatio('bounce_rate', 'control', PAIRS)]);
        const [revenue, bounce] = inputMoments(book, ['revenue', 'bounce_rate'], ['control']);

        expect(revenue).toMatchObject({ units: 2, meanNumerator: 1.5, meanDenominator: null, comoment: null });
        expect(bounce).toMatchObject({ units: 5, meanDenominator: 2.4 });
    });
});
