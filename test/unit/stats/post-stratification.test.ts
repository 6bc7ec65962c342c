import { describe, expect, it } from 'vitest';
import { type Moments, mergeMoments, momentsOf } from '#stats/moments.ts';
import { postStratifiedComparison, type Stratum } from '#stats/post-stratification.ts';
import { compareMeans } from '#stats/welch.ts';
import { ok } from './ok.ts';

const fromSums = (count: number, sum: number, squares: number): Moments => ({
    count,
    mean: sum / count,
    m2: squares - (sum * sum) / count,
});

// gbstats test_post_strat.py, stats_count_strata.
const STRATA: readonly Stratum[] = [
    {
        control: fromSums(21, 330.0696210596, 5377.81125260551),
        treatment: fromSums(42, 708.122000091184, 12249.2555190495),
    },
    {
        control: fromSums(65, 1391.96628040659, 30546.6340418716),
        treatment: fromSums(75, 1807.47030526577, 45000.2876649186),
    },
    {
        control: fromSums(102, 2916.82412465142, 86396.0688669055),
        treatment: fromSums(101, 3104.5399914554, 98365.4055353099),
    },
    {
        control: fromSums(151, 5172.58792994105, 182453.045280375),
        treatment: fromSums(121, 4613.69661007072, 180520.647812293),
    },
    {
        control: fromSums(160, 6539.34844523127, 274981.989093525),
        treatment: fromSums(162, 7431.95325988051, 349244.669073672),
    },
];

describe('post-stratification', () => {
    it('reproduces GrowthBook’s estimate and standard error (3.548094378 and 0.376343748)', () => {
        const result = ok(postStratifiedComparison(STRATA, 0.05));

        expect(result.difference).toBeCloseTo(3.54809437798659, 9);
        expect(result.standardError).toBeCloseTo(0.376343748230597, 9);
    });

    it('has GrowthBook’s lift, whose baseline is stratified too (0.109945849)', () => {
        const { contrast, lift } = ok(postStratifiedComparison(STRATA, 0.05));

        expect(ok(lift).lift).toBeCloseTo(0.109945848519373, 9);
        expect(contrast.baselineVariance).toBeGreaterThan(0);
    });

    it('is Welch’s test with one stratum', () => {
        const [only] = STRATA;

        const stratified = ok(postStratifiedComparison([only!], 0.05));
        const plain = ok(compareMeans(only!.control, only!.treatment, 0.05));

        expect(stratified.pValue).toBeCloseTo(plain.pValue, 13);
        expect(stratified.degreesOfFreedom).toBeCloseTo(plain.degreesOfFreedom!, 9);
        expect(ok(stratified.lift).upper).toBeCloseTo(ok(plain.lift).upper, 12);
    });

    it('removes an imbalance that plain means take for an effect', () => {
        const low = [1, 2, 3, 2, 1, 3, 2, 2];
        const high = low.map((value) => value + 100);
        const strata = [
            { control: momentsOf(low), treatment: momentsOf(low.slice(0, 4)) },
            { control: momentsOf(high.slice(0, 4)), treatment: momentsOf(high) },
        ];

        const plain = ok(
            compareMeans(
                mergeMoments(strata[0]!.control, strata[1]!.control),
                mergeMoments(strata[0]!.treatment, strata[1]!.treatment),
                0.05,
            ),
        );

        expect(plain.difference).toBeGreaterThan(30);
        expect(Math.abs(ok(postStratifiedComparison(strata, 0.05)).difference)).toBeLessThan(0.01);
    });

    it('merges strata without variance into the largest', () => {
        const lone = { control: momentsOf([40]), treatment: momentsOf([]) };
        const largest = STRATA[4]!;
        const absorbed = { ...largest, control: mergeMoments(largest.control, lone.control) };

        const result = ok(postStratifiedComparison([...STRATA, lone], 0.05));
        const expected = ok(postStratifiedComparison([...STRATA.slice(0, 4), absorbed], 0.05));

        expect(result.difference).toBeCloseTo(expected.difference, 12);
        expect(result.standardError).toBeCloseTo(expected.standardError, 12);
    });

    it('makes one stratum of many that have no variance of their own', () => {
        const strata = [1, 2, 3].map((value) => ({ control: momentsOf([value]), treatment: momentsOf([value + 1]) }));

        expect(ok(postStratifiedComparison(strata, 0.05)).difference).toBeCloseTo(1, 12);
    });

    it('has statuses', () => {
        const still = { control: momentsOf([1, 1]), treatment: momentsOf([2, 2]) };

        expect(postStratifiedComparison([], 0.05).status).toBe('insufficient_n');
        expect(postStratifiedComparison([{ control: momentsOf([1, 2]), treatment: momentsOf([]) }], 0.05).status).toBe(
            'insufficient_n',
        );
        expect(postStratifiedComparison([still], 0.05).status).toBe('zero_variance');
        expect(postStratifiedComparison(STRATA, 2).status).toBe('invalid_input');
        expect(postStratifiedComparison([{ ...still, control: { count: 2, mean: 0, m2: -1 } }], 0.05).status).toBe(
            'invalid_input',
        );
    });
});
