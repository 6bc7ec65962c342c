import { describe, expect, it } from 'vitest';
import { type Cost, compare, inTurns, median } from '../../../bench/samples.ts';

const cost = (seconds: number, cpuSeconds = seconds): Cost => ({ seconds, cpuSeconds, peakBytes: 1 });

describe('the median', () => {
    it('is the middle of an odd number of values and the mean of the middle two of an even number', () => {
        expect(median([9, 1, 5])).toBe(5);
        expect(median([9, 1, 5, 7])).toBe(6);
    });

    it('of nothing is refused', () => {
        expect(() => median([])).toThrow('median: expected values, found none');
    });
});

describe('a comparison', () => {
    it('divides within each pair, so that a slow moment of the machine cancels out', () => {
        const compared = compare([cost(2, 3), cost(20, 3), cost(3, 3)], [cost(1, 2), cost(10, 1), cost(1, 3)]);

        expect(compared).toEqual({
            ratio: 2,
            lowest: 2,
            highest: 3,
            cpuRatio: 1.5,
            subjectSeconds: 3,
            baseSeconds: 1,
        });
    });

    it('of runs that are not in pairs is refused', () => {
        expect(() => compare([cost(1)], [])).toThrow('compare: expected runs in pairs, found 1 and 0');
    });
});

describe('running in turns', () => {
    it('changes who goes first and keeps the results apart', async () => {
        const order: string[] = [];
        const run = (name: string) => async (repetition: number) => {
            order.push(name);
            return `${name}${repetition}`;
        };

        const results = await inTurns(3, run('a'), run('b'));

        expect(order).toEqual(['a', 'b', 'b', 'a', 'a', 'b']);
        expect(results).toEqual([
            ['a0', 'a1', 'a2'],
            ['b0', 'b1', 'b2'],
        ]);
    });
});
