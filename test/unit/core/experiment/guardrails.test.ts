import { describe, expect, it } from 'vitest';
import { readGuardrail } from '#core/experiment/guardrails.ts';
import { describeMetric } from '#core/experiment/metrics.ts';
import { openBook } from '#core/experiment/moments.ts';
import { defaultPlan } from '#core/experiment/plan.ts';
import { aShare } from './rows-builder.ts';

function read(control: number, treatment: number, units: number, isSizeReached = true) {
    const metric = 'retained_day_7';
    const book = openBook([aShare(metric, 'control', control, units), aShare(metric, 'treatment', treatment, units)]);
    const arm = (variant: string) => ({ variant, moments: book.pooled({ metric, variant }) });
    const arms = { metric: describeMetric(metric), control: arm('control'), treatment: arm('treatment') };
    return readGuardrail(defaultPlan('pdp', ['control', 'treatment']), { metric, margin: 0.05 }, arms, isSizeReached);
}

describe('a guardrail of which more is better, margin 5 %', () => {
    it.each([
        ['fail_beyond_margin', 5000, 4000, 10_000],
        ['pass_with_cost', 50_000, 49_300, 100_000],
        ['pass', 50_000, 50_000, 100_000],
        ['fail_harm', 5000, 4800, 10_000],
        ['inconclusive', 50, 50, 100],
    ] as const)('reads %s from %d against %d of %d', (verdict, control, treatment, units) => {
        expect(read(control, treatment, units).verdict).toBe(verdict);
    });

    it('waits longer while the experiment is still being looked at', () => {
        const [fixed, anytime] = [read(500, 445, 1000, true), read(500, 445, 1000, false)];

        expect([fixed.reading, fixed.verdict]).toEqual(['fixed', 'fail_harm']);
        expect([anytime.reading, anytime.verdict]).toEqual(['anytime', 'inconclusive']);
        expect(anytime.nonInferiorityPValue).toEqual(fixed.nonInferiorityPValue);
    });

    it('has a p-value of the margin for every look: below half of alpha exactly where the any-time verdict passes', () => {
        const p = (treatment: number) => read(50_000, treatment, 100_000, false);

        for (const treatment of [47_000, 48_000, 48_300, 48_500, 49_000, 50_000]) {
            const { verdict, anytimeNonInferiorityPValue: margin } = p(treatment);
            if (margin.status !== 'ok') throw new Error(margin.why);
            expect(margin.pValue < 0.025).toBe(verdict.startsWith('pass'));
        }
        expect(p(47_000).anytimeNonInferiorityPValue).toEqual({ status: 'ok', pValue: 1 });
    });

    it('says how many users are missing, more for rarer outcomes', () => {
        const [rare, common] = [read(50, 50, 1000), read(500, 500, 1000)];

        expect(common.unitsMissing).toBeGreaterThan(10_000);
        expect(rare.unitsMissing).toBeGreaterThan(10 * common.unitsMissing!);
    });

    it.each([
        [0, 0, 100, 'no_conversions'],
        [0, 5, 100, 'no_baseline'],
        [0, 0, 0, 'no_units'],
    ])('is inconclusive with a reason for %d against %d of %d', (control, treatment, units, status) => {
        const { verdict, nonInferiorityPValue } = read(control, treatment, units);

        expect(verdict).toBe('inconclusive');
        expect(nonInferiorityPValue.status).toBe(status);
    });
});
