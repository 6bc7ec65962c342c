import { describe, expect, it } from 'vitest';
import { sequentialSrm } from '#stats/srm-sequential.ts';
import { ok } from './ok.ts';
import { relativeError } from './relative-error.ts';

describe('the sequential sample ratio test', () => {
    // mpmath 1.4.1: ln of the Dirichlet-multinomial with concentration 1e4 over the multinomial.
    it.each([
        [[500, 600], [1, 1], 0.398314643976281],
        [[100, 900], [0.5, 0.5], 29.0716028260469],
        [[300_000_000, 300_200_000, 400_000_000], [3, 3, 4], 35.1394868459124],
    ])('has the Bayes factor of %j', (counts, weights, expected) => {
        const result = ok(sequentialSrm([counts], weights));

        expect(relativeError(result.logBayesFactor, expected)).toBeLessThan(1e-9);
        expect(result.pValue).toBeCloseTo(Math.min(1, Math.exp(-expected)), 12);
    });

    it('does not forget evidence of earlier looks', () => {
        const early = ok(sequentialSrm([[100, 900]], [1, 1]));
        const later = ok(
            sequentialSrm(
                [
                    [100, 900],
                    [50_000, 50_800],
                ],
                [1, 1],
            ),
        );

        expect(later.pValue).toBe(early.pValue);
        expect(later.logBayesFactor).toBeLessThan(early.logBayesFactor);
    });

    it('sees nothing in nobody', () => {
        expect(ok(sequentialSrm([[0, 0]], [1, 1]))).toMatchObject({ pValue: 1, logBayesFactor: 0 });
    });

    it('has statuses for no looks and for nonsense', () => {
        expect(sequentialSrm([], [1, 1]).status).toBe('insufficient_n');
        expect(sequentialSrm([[1, 2]], [1, 0]).status).toBe('invalid_input');
        expect(sequentialSrm([[1, 2]], [1]).status).toBe('invalid_input');
        expect(sequentialSrm([[1, 2, 3]], [1, 1]).status).toBe('invalid_input');
        expect(sequentialSrm([[1, -2]], [1, 1]).status).toBe('invalid_input');
    });
});
