import { describe, expect, it } from 'vitest';
import { contrastOf } from '#stats/contrast.ts';
import { type GuardrailOptions, guardrail } from '#stats/guardrail.ts';
import { fiellerLift } from '#stats/lift.ts';
import { normalSf } from '#stats/numerics/normal.ts';
import { studentSf } from '#stats/numerics/student.ts';
import { ok } from './ok.ts';

const higher: GuardrailOptions = { margin: 0.05, better: 'higher', alpha: 0.025 };
const lower: GuardrailOptions = { ...higher, better: 'lower' };
const compared = (control: number, treatment: number, se: number) => ({
    contrast: contrastOf(
        { value: control, variance: se ** 2 / 2, count: 1000 },
        { value: treatment, variance: se ** 2 / 2, count: 1000 },
    ),
});

describe('a guardrail', () => {
    it.each([
        ['pass', 100, 100.2, 1],
        ['pass_with_cost', 100, 98, 0.5],
        ['fail_harm', 100, 96, 1],
        ['fail_beyond_margin', 100, 90, 1],
        ['inconclusive', 100, 99, 10],
    ] as const)('says %s (higher is better)', (verdict, control, treatment, se) => {
        expect(ok(guardrail(compared(control, treatment, se), higher)).verdict).toBe(verdict);
    });

    it.each([
        ['pass', 100, 99.8, 1],
        ['pass_with_cost', 100, 102, 0.5],
        ['fail_harm', 100, 104, 1],
        ['fail_beyond_margin', 100, 110, 1],
        ['inconclusive', 100, 101, 10],
    ] as const)('says %s (lower is better)', (verdict, control, treatment, se) => {
        expect(ok(guardrail(compared(control, treatment, se), lower)).verdict).toBe(verdict);
    });

    it('never passes because the sample is tiny', () => {
        expect(ok(guardrail(compared(100, 103, 20), higher)).verdict).toBe('inconclusive');
    });

    it('tests mT - (1 - m) mC with variance vT + (1 - m)^2 vC, one-sided', () => {
        const result = ok(guardrail(compared(100, 99, 2), higher));

        expect(result.slack).toBeCloseTo(4, 12);
        expect(result.pValue).toBeCloseTo(normalSf(4 / Math.sqrt(2 + 0.95 ** 2 * 2)), 12);
        expect(result.harmPValue).toBeCloseTo(normalSf(0.5), 12);
        expect((result.slackInterval.lower + result.slackInterval.upper) / 2).toBeCloseTo(4, 12);
    });

    it('tests (1 + m) mC - mT with variance vT + (1 + m)^2 vC when lower is better', () => {
        const result = ok(guardrail(compared(100, 99, 2), lower));

        expect(result.slack).toBeCloseTo(6, 12);
        expect(result.pValue).toBeCloseTo(normalSf(6 / Math.sqrt(2 + 1.05 ** 2 * 2)), 12);
    });

    it('takes Student’s t where the comparison has degrees of freedom', () => {
        const result = ok(guardrail({ ...compared(100, 99, 2), degreesOfFreedom: 7 }, higher));

        expect(result.pValue).toBeCloseTo(studentSf(4 / Math.sqrt(2 + 0.95 ** 2 * 2), 7), 12);
    });

    it('agrees with the lift interval: the margin is excluded exactly when its bad end is inside the margin', () => {
        for (let treatment = 90; treatment <= 110; treatment += 0.37) {
            const comparison = compared(100, treatment, 1.3);
            const lift = ok(fiellerLift(comparison.contrast, 1.95996398454005));

            const isPass = (options: GuardrailOptions): boolean =>
                ok(guardrail(comparison, options)).verdict.startsWith('pass');

            expect(isPass(higher)).toBe(lift.lower > -0.05);
            expect(isPass(lower)).toBe(lift.upper < 0.05);
        }
    });

    it('keeps its direction for a negative baseline', () => {
        expect(ok(guardrail(compared(-100, -100.2, 1), higher)).verdict).toBe('pass');
        expect(ok(guardrail(compared(-100, -110, 1), higher)).verdict).toBe('fail_beyond_margin');
        expect(ok(guardrail(compared(-100, -90, 1), lower)).verdict).toBe('fail_beyond_margin');
    });

    it('has statuses where there is nothing to test', () => {
        expect(guardrail(compared(0, 1, 1), higher).status).toBe('zero_baseline');
        expect(guardrail(compared(5, 5, 0), higher).status).toBe('zero_variance');
        expect(guardrail(compared(5, 5, 1), { ...higher, margin: -0.1 }).status).toBe('invalid_input');
        expect(guardrail(compared(5, 5, 1), { ...higher, alpha: 0.5 }).status).toBe('invalid_input');
    });
});
