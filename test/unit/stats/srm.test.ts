import { describe, expect, it } from 'vitest';
import { srmTest } from '#stats/srm.ts';
import { ok } from './ok.ts';

describe('sample ratio mismatch', () => {
    it('finds the mismatch of Kohavi, Tang and Xu (2020, chapter 3): 821,588 and 815,482 at 50/50, p 1.8e-6', () => {
        const test = ok(
            srmTest([
                { count: 821_588, weight: 1 },
                { count: 815_482, weight: 1 },
            ]),
        );

        expect(test.pValue).toBeCloseTo(1.8e-6, 7);
        expect(test.verdict).toBe('alert');
        expect(test.expected).toEqual([818_535, 818_535]);
    });

    it('is the textbook goodness-of-fit test for three arms: (100, 99, 102) at 30:30:40 gives 5.7763', () => {
        const test = ok(
            srmTest([
                { count: 100, weight: 0.3 },
                { count: 99, weight: 0.3 },
                { count: 102, weight: 0.4 },
            ]),
        );

        expect(test.degreesOfFreedom).toBe(2);
        // exp(-x/2) is the tail with two degrees of freedom.
        expect(test.pValue).toBeCloseTo(Math.exp(-test.chiSquare / 2), 13);
        expect(test.verdict).toBe('ok');
    });

    it('is cautious between p 0.001 and 0.01, and tightens both limits over several segments', () => {
        const arms = [
            { count: 5140, weight: 1 },
            { count: 4860, weight: 1 },
        ];

        expect(ok(srmTest(arms)).pValue).toBeCloseTo(0.00511, 5);
        expect(ok(srmTest(arms)).verdict).toBe('caution');
        expect(ok(srmTest(arms, 3)).verdict).toBe('ok');
    });

    it('counts units in an arm without traffic as a leak and leaves them out of the test', () => {
        const test = ok(
            srmTest([
                { count: 50, weight: 1 },
                { count: 50, weight: 1 },
                { count: 3, weight: 0 },
            ]),
        );

        expect(test.leak).toBe(3);
        expect(test.chiSquare).toBe(0);
        expect(test.degreesOfFreedom).toBe(1);
    });

    it('has statuses for nobody and for nonsense', () => {
        expect(
            srmTest([
                { count: 0, weight: 1 },
                { count: 0, weight: 1 },
            ]).status,
        ).toBe('insufficient_n');
        expect(srmTest([{ count: 5, weight: 1 }]).status).toBe('invalid_input');
        expect(
            srmTest([
                { count: 5, weight: 1 },
                { count: 5, weight: -1 },
            ]).status,
        ).toBe('invalid_input');
        expect(
            srmTest([
                { count: 0.5, weight: 1 },
                { count: 5, weight: 1 },
            ]).status,
        ).toBe('invalid_input');
        expect(
            srmTest(
                [
                    { count: 5, weight: 1 },
                    { count: 5, weight: 1 },
                ],
                0,
            ).status,
        ).toBe('invalid_input');
    });
});
