import { describe, expect, it } from 'vitest';
import { decide, type Evidence } from '#stats/decision.ts';

/** A fulfilled plan with one improved goal and one guardrail that passes. */
const SHIPPING: Evidence = {
    srm: 'ok',
    leak: 0,
    multiExposedShare: 0,
    hasPreExposureBias: false,
    goals: [{ name: 'conversion', adjustedPValue: 0.01, anytimePValue: 0.04, direction: 'better' }],
    guardrails: [{ name: 'bounce', verdict: 'pass' }],
    crossovers: [{ name: 'device', pValue: 0.4 }],
    isPlanFulfilled: true,
    alpha: 0.05,
};
const goal = (change: Partial<Evidence['goals'][number]>): Evidence['goals'] => [{ ...SHIPPING.goals[0]!, ...change }];

describe('the decision rule', () => {
    it('ships when every goal improved and every guardrail holds', () => {
        expect(decide(SHIPPING)).toEqual({
            decision: 'ship',
            reasons: [{ kind: 'goal_improved', name: 'conversion' }],
        });
    });

    it.each([
        ['srm', { srm: 'alert' }],
        ['leak', { leak: 1 }],
        ['multi_exposed', { multiExposedShare: 0.011 }],
        ['pre_exposure_bias', { hasPreExposureBias: true }],
    ] as const)('is invalid because of %s, whatever else is found', (kind, change) => {
        expect(decide({ ...SHIPPING, ...change, goals: goal({ direction: 'worse' }) })).toEqual({
            decision: 'invalid',
            reasons: [{ kind }],
        });
    });

    it('is not invalid because of a caution or 1 % of multiply exposed units', () => {
        expect(decide({ ...SHIPPING, srm: 'caution', multiExposedShare: 0.01 }).decision).toBe('ship');
    });

    it('does not ship harm to a goal', () => {
        expect(decide({ ...SHIPPING, goals: goal({ direction: 'worse' }) })).toEqual({
            decision: 'do_not_ship',
            reasons: [{ kind: 'goal_harmed', name: 'conversion' }],
        });
    });

    it.each(['fail_harm', 'fail_beyond_margin'] as const)('does not ship a guardrail that says %s', (verdict) => {
        expect(decide({ ...SHIPPING, guardrails: [{ name: 'bounce', verdict }] })).toEqual({
            decision: 'do_not_ship',
            reasons: [{ kind: 'guardrail', name: 'bounce', verdict }],
        });
    });

    it('asks for review when the effect turns between segments', () => {
        expect(decide({ ...SHIPPING, crossovers: [{ name: 'device', pValue: 0.009 }] })).toEqual({
            decision: 'review_segment',
            reasons: [{ kind: 'crossover', name: 'device' }],
        });
    });

    it('keeps running before the planned size unless the anytime p value decides', () => {
        const early = { ...SHIPPING, isPlanFulfilled: false };

        expect(decide({ ...early, goals: goal({ anytimePValue: 0.2 }) })).toEqual({
            decision: 'keep_running',
            reasons: [{ kind: 'plan_not_fulfilled' }],
        });
        expect(decide(early).decision).toBe('ship');
        expect(decide({ ...early, goals: goal({ anytimePValue: undefined }) }).decision).toBe('keep_running');
    });

    it('does not read the fixed-horizon p value early, for harm either', () => {
        const early = { ...SHIPPING, isPlanFulfilled: false };

        expect(decide({ ...early, goals: goal({ direction: 'worse', anytimePValue: 0.3 }) }).decision).toBe(
            'keep_running',
        );
        expect(decide({ ...early, goals: goal({ direction: 'worse', anytimePValue: 0.03 }) }).decision).toBe(
            'do_not_ship',
        );
    });

    it.each(['inconclusive', 'not_available'] as const)('never takes a guardrail that is %s for a pass', (verdict) => {
        expect(decide({ ...SHIPPING, guardrails: [{ name: 'bounce', verdict }] }).decision).toBe(
            'keep_running_or_review',
        );
    });

    it('ships at a cost a guardrail allows', () => {
        expect(decide({ ...SHIPPING, guardrails: [{ name: 'bounce', verdict: 'pass_with_cost' }] }).decision).toBe(
            'ship',
        );
    });

    it('detects no effect when a goal is left undecided', () => {
        const second = { name: 'revenue', adjustedPValue: 0.2, anytimePValue: 1, direction: 'better' } as const;

        expect(decide({ ...SHIPPING, goals: [...SHIPPING.goals, second] })).toEqual({
            decision: 'no_effect_detected',
            reasons: [{ kind: 'goal_undecided', name: 'revenue' }],
        });
        expect(decide({ ...SHIPPING, goals: goal({ adjustedPValue: undefined }) }).decision).toBe('no_effect_detected');
        expect(decide({ ...SHIPPING, goals: goal({ direction: 'none' }) }).decision).toBe('no_effect_detected');
        expect(decide({ ...SHIPPING, goals: [] }).decision).toBe('no_effect_detected');
    });

    it('does not ship at exactly alpha', () => {
        expect(decide({ ...SHIPPING, goals: goal({ adjustedPValue: 0.05 }) }).decision).toBe('no_effect_detected');
    });
});
