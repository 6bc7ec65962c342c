import { describe, expect, it } from 'vitest';
import { findRoot } from '#stats/numerics/root.ts';

describe('findRoot', () => {
    it('finds the root of a smooth function to the last digits', () => {
        expect(findRoot((x) => x * x - 2, 0, 2)).toBeCloseTo(Math.SQRT2, 15);
        expect(findRoot((x) => Math.cos(x) - x, 0, 1)).toBeCloseTo(0.739085133215161, 15);
    });

    it('does not depend on which end is which', () => {
        expect(findRoot((x) => x ** 3 - x - 2, 2, 1)).toBeCloseTo(1.52137970680457, 14);
    });

    it('survives a step, a flat stretch and a pole-like slope', () => {
        expect(findRoot((x) => (x < 0.3 ? -1 : 1), 0, 1)).toBeCloseTo(0.3, 15);
        expect(findRoot((x) => (x - 0.5) ** 9, 0, 0.9)).toBeCloseTo(0.5, 6);
        expect(findRoot((x) => Math.log(x) + 700, 1e-320, 1)).toBeCloseTo(Math.exp(-700), 15);
    });

    it('needs few evaluations for a smooth function', () => {
        let calls = 0;
        findRoot(
            (x) => {
                calls += 1;
                return Math.exp(x) - 5;
            },
            0,
            10,
        );

        expect(calls).toBeLessThan(20);
    });

    it('returns an end that is a root, and the better end of a bracket without a sign change', () => {
        expect(findRoot((x) => x, 0, 1)).toBe(0);
        expect(findRoot((x) => x - 1, 0, 1)).toBe(1);
        expect(findRoot((x) => x + 1, 0, 5)).toBe(0);
        expect(findRoot((x) => 6 - x, 0, 5)).toBe(5);
    });
});
