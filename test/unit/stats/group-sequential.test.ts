import { describe, expect, it } from 'vitest';
import {
    groupSequentialBounds,
    groupSequentialPower,
    sampleSizeInflation,
    spentLevel,
} from '#stats/group-sequential.ts';
import { normalCritical, normalPdf, normalSf, normalTwoSided } from '#stats/numerics/normal.ts';
import { ok } from './ok.ts';

const criticals = (fractions: readonly number[], alpha: number): number[] =>
    ok(groupSequentialBounds(fractions, alpha)).looks.map((look) => look.critical);

/** Simpson's rule with an even number of intervals. */
function simpson(f: (x: number) => number, from: number, to: number, intervals: number): number {
    const width = (to - from) / intervals;
    let sum = f(from) + f(to);
    for (let i = 1; i < intervals; i++) sum += (i % 2 === 1 ? 4 : 2) * f(from + i * width);
    return (sum * width) / 3;
}

const FIVE = [0.2, 0.4, 0.6, 0.8, 1];

describe('group sequential bounds', () => {
    it('has the published two-sided 5 % bounds of five equal looks: 4.877, 3.357, 2.680, 2.290, 2.031', () => {
        const published = [4.877, 3.357, 2.68, 2.29, 2.031];

        criticals(FIVE, 0.05).forEach((critical, i) => {
            expect(critical).toBeCloseTo(published[i]!, 3);
        });
    });

    it('has the one-sided 5 % bounds of four looks in SeqBounds.jl: 3.74955, 2.53993, 2.01604, 1.72014', () => {
        const published = [3.74955, 2.53993, 2.01604, 1.72014];

        // Two-sided 10 %: the other side adds nothing that shows, and SeqBounds integrates on a coarse grid.
        criticals([0.25, 0.5, 0.75, 1], 0.1).forEach((critical, i) => {
            expect(Math.abs(critical - published[i]!)).toBeLessThan(5e-5);
        });
    });

    it('is the fixed test when there is one look', () => {
        expect(criticals([1], 0.05)[0]).toBeCloseTo(normalCritical(0.05), 9);
    });

    it('does not change earlier bounds when later looks are added', () => {
        expect(criticals(FIVE.slice(0, 3), 0.05)).toEqual(criticals(FIVE, 0.05).slice(0, 3));
    });

    it('spends exactly its level, as the spending function says', () => {
        const { looks } = ok(groupSequentialBounds([0.31, 0.34, 0.9, 1], 0.01));

        for (const { fraction, spent } of looks) expect(spent).toBeCloseTo(spentLevel(fraction, 0.01), 12);
        expect(looks.at(-1)!.spent).toBeCloseTo(0.01, 12);
        expect(groupSequentialPower(looks, 0)).toBeCloseTo(0.01, 12);
    });

    it.each([0.2, 0.505, 0.5001, 0.500_002])(
        'spends at a second look at %d what the two looks together let it',
        (second) => {
            const first = second < 0.5 ? second / 2 : 0.5;
            const [one, two] = ok(groupSequentialBounds([first, second], 0.05)).looks;

            const [c1, c2, sd] = [one!.critical, two!.critical * Math.sqrt(second), Math.sqrt(second - first)];
            const stopsAt = (z: number) => {
                const score = z * Math.sqrt(first);
                return normalPdf(z) * (normalSf((c2 - score) / sd) + normalSf((c2 + score) / sd));
            };
            expect(two!.spent - one!.spent).toBeCloseTo(simpson(stopsAt, -c1, c1, 400_000), 10);
            expect(two!.spent).toBeCloseTo(spentLevel(second, 0.05), 12);
        },
    );

    it('knows no look that adds next to nothing: it stops there for nothing, and other bounds are as without it', () => {
        const [first, none, last] = ok(groupSequentialBounds([0.5, 0.5 + 1e-12, 1], 0.05)).looks;
        const without = ok(groupSequentialBounds([0.5, 1], 0.05)).looks;

        expect([first, last]).toEqual(without);
        expect(none).toEqual({ ...first, fraction: 0.5 + 1e-12, critical: 8, nominalLevel: normalTwoSided(8) });
        expect(groupSequentialPower([first!, none!, last!], 2)).toBe(groupSequentialPower(without, 2));
    });

    it('has a highest bound where next to nothing may be spent', () => {
        expect(criticals([0.001, 0.5, 1], 0.05)[0]).toBe(8);
        expect(criticals([0.001, 0.5, 1], 0.05)[2]).toBeCloseTo(criticals([0.5, 1], 0.05)[1]!, 9);
    });

    it('keeps its level over daily looks for two months', () => {
        const days = Array.from({ length: 60 }, (_, day) => (day + 1) / 60);

        const { looks } = ok(groupSequentialBounds(days, 0.05));

        expect(groupSequentialPower(looks, 0)).toBeCloseTo(0.05, 9);
        expect(looks.at(-1)!.critical).toBeLessThan(2.3);
        looks.slice(1).forEach((look, i) => {
            expect(look.critical).toBeLessThanOrEqual(looks[i]!.critical);
        });
    });

    it('refuses looks out of order, beyond the plan or absent', () => {
        expect(groupSequentialBounds([], 0.05).status).toBe('invalid_input');
        expect(groupSequentialBounds([0.5, 0.5], 0.05).status).toBe('invalid_input');
        expect(groupSequentialBounds([0.5, 1.1], 0.05).status).toBe('invalid_input');
        expect(groupSequentialBounds([0], 0.05).status).toBe('invalid_input');
        expect(groupSequentialBounds([1], 0).status).toBe('invalid_input');
    });
});

describe('group sequential power', () => {
    const { looks } = ok(groupSequentialBounds(FIVE, 0.05));

    // scipy 1.17.1: 1 - multivariate_normal.cdf over the box of the five bounds.
    it.each([
        [2.801585218, 0.7902948668],
        [3.2, 0.8855721201],
        [-3.2, 0.8855721201],
    ])('agrees with the multivariate normal distribution at drift %f', (drift, expected) => {
        expect(groupSequentialPower(looks, drift)).toBeCloseTo(expected, 7);
    });

    it('costs little more than a fixed test of the same power', () => {
        const inflation = sampleSizeInflation(looks, 0.05, 0.8);

        expect(inflation).toBeGreaterThan(1.02);
        expect(inflation).toBeLessThan(1.03);
        const drift = (normalCritical(0.05) + 0.841621233572914) * Math.sqrt(inflation);
        expect(groupSequentialPower(looks, drift)).toBeCloseTo(0.8, 9);
    });
});
