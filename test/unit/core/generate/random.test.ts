import { describe, expect, it } from 'vitest';
import { Random } from '#core/generate/random.ts';

const take = (random: Random, count: number) => Array.from({ length: count }, () => random.uint32());

describe('Random', () => {
    it('gives the numbers of the reference implementation of xoshiro128**', () => {
        expect(take(Random.fromState(1, 2, 3, 4), 10)).toEqual([
            11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
        ]);
    });

    it('gives the same stream again, whatever was drawn before', () => {
        const random = new Random();
        const first = take(random.restart(5, 1, 9), 5);
        expect(take(random.restart(5, 1, 9), 5)).toEqual(first);
    });

    it.each([
        ['seed', [6, 1, 9]],
        ['high half of the seed', [5 + 2 ** 32, 1, 9]],
        ['stream', [5, 2, 9]],
        ['index', [5, 1, 10]],
    ] as const)('gives another stream for another %s', (_what, [seed, stream, index]) => {
        const first = take(new Random().restart(5, 1, 9), 4);
        const other = take(new Random().restart(seed, stream, index), 4);
        for (const number of other) expect(first).not.toContain(number);
    });

    it('never starts from the state that stays zero', () => {
        expect(take(new Random().restart(0, 0, 0), 4).some((number) => number !== 0)).toBe(true);
    });

    it('is even across streams of neighbouring indexes, in every one of the first draws', () => {
        const sums = [0, 0, 0, 0];
        const random = new Random();
        for (let index = 0; index < 40_000; index++) {
            random.restart(3, 1, index);
            for (let draw = 0; draw < sums.length; draw++) sums[draw]! += random.unit();
        }
        // The standard error of a mean of 40,000 is 0.0014.
        for (const sum of sums) expect(sum / 40_000).toBeCloseTo(0.5, 2);
    });

    it('draws neighbouring streams independently of each other', () => {
        const random = new Random();
        const firsts = Array.from({ length: 40_000 }, (_, index) => random.restart(3, 1, index).unit() - 0.5);
        const products = firsts.slice(1).map((value, at) => value * firsts[at]!);
        const correlation = products.reduce((sum, value) => sum + value, 0) / products.length / (1 / 12);
        expect(Math.abs(correlation)).toBeLessThan(0.02);
    });

    it('keeps to its bounds', () => {
        const random = new Random().restart(1, 1, 1);
        const draws = Array.from({ length: 10_000 }, () => random.below(7));
        expect(new Set(draws)).toEqual(new Set([0, 1, 2, 3, 4, 5, 6]));
        expect(random.chance(0)).toBe(false);
        expect(random.chance(1)).toBe(true);
    });
});
