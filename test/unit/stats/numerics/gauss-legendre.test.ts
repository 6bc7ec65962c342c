import { describe, expect, it } from 'vitest';
import { choleskyInverse, choleskyOf, choleskySolve, quadraticForm } from '#stats/numerics/cholesky.ts';
import { gaussLegendre, integrate } from '#stats/numerics/gauss-legendre.ts';

describe('Gauss-Legendre quadrature', () => {
    it('has the tabulated rule with three nodes (Abramowitz & Stegun 25.4.30)', () => {
        const { nodes, weights } = gaussLegendre(3);

        expect([...nodes].sort((a, b) => a - b)[2]).toBeCloseTo(0.774596669241483, 14);
        expect(nodes.some((node) => Math.abs(node) < 1e-15)).toBe(true);
        expect([...weights].sort((a, b) => a - b)[2]).toBeCloseTo(8 / 9, 14);
    });

    it('is exact for polynomials of degree 2n - 1 and no more', () => {
        const { nodes, weights } = gaussLegendre(4);
        const moment = (power: number): number => nodes.reduce((sum, x, i) => sum + weights[i]! * x ** power, 0);

        expect(moment(6)).toBeCloseTo(2 / 7, 14);
        expect(Math.abs(moment(8) - 2 / 9)).toBeGreaterThan(1e-4);
    });

    it('integrates over panels', () => {
        expect(integrate(Math.exp, [0, 1, 3])).toBeCloseTo(Math.exp(3) - 1, 12);
        expect(integrate((x) => Math.abs(x - 1), [0, 1, 2])).toBeCloseTo(1, 14);
        expect(integrate(Math.exp, [0])).toBe(0);
    });
});

describe('Cholesky decomposition', () => {
    const matrix = [
        [4, 12, -16],
        [12, 37, -43],
        [-16, -43, 98],
    ];

    it('factors, solves and inverts', () => {
        const lower = choleskyOf(matrix)!;

        expect(lower).toEqual([[2], [6, 1], [-8, 5, 3]]);
        expect(choleskySolve(lower, [0, 6, 39])).toEqual([1, 1, 1]);
        const inverse = choleskyInverse(lower);
        expect(quadraticForm([1, 0, 0], inverse, [4, 12, -16])).toBeCloseTo(1, 10);
        expect(inverse[0]![2]).toBeCloseTo(inverse[2]![0]!, 12);
    });

    it('refuses a matrix that is not positive definite', () => {
        expect(
            choleskyOf([
                [1, 2],
                [2, 4],
            ]),
        ).toBeUndefined();
        expect(choleskyOf([[Number.NaN]])).toBeUndefined();
    });
});
