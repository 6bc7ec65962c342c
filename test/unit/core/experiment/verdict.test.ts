import { describe, expect, it } from 'vitest';
import { analyseExperiment } from '#core/experiment/analyse.ts';
import type { ExperimentPlan } from '#core/experiment/plan.ts';
import { defaultPlan } from '#core/experiment/plan.ts';
import type { ExposureRow, MomentsRow } from '#core/experiment/rows.ts';
import { anExposure, aShare } from './rows-builder.ts';

/** A declared plan with one goal, no guardrails and no segments unless said. */
function aPlan(more: Partial<ExperimentPlan> = {}): ExperimentPlan {
    return {
        ...defaultPlan('pdp', ['control', 'treatment']),
        declared: true,
        goals: ['purchased'],
        guardrails: [],
        segments: [],
        ...more,
    };
}

function decide(plan: ExperimentPlan, moments: readonly MomentsRow[], exposures?: readonly ExposureRow[]) {
    const seen = exposures ?? [anExposure('control', 1000), anExposure('treatment', 1000)];
    return analyseExperiment({ experimentId: 'pdp', moments, exposures: seen, plan }).verdict;
}

function rates(control: number, treatment: number, metric = 'purchased'): MomentsRow[] {
    return [aShare(metric, 'control', control, 1000), aShare(metric, 'treatment', treatment, 1000)];
}

const RETENTION = [{ metric: 'retained_day_7', margin: 0.05 }];

describe('the decision', () => {
    it('is to ship at the planned size when the goal improved and no guardrail stands against it', () => {
        const verdict = decide(aPlan({ plannedUnits: 2000 }), rates(100, 150));

        expect(verdict).toMatchObject({ decision: 'ship', variant: 'treatment' });
        expect(verdict.because).toContain('10.00% (control) to 15.00% (treatment): +5.00 pp');
    });

    it('is to keep running for the same numbers when no size was planned', () => {
        expect(decide(aPlan(), rates(100, 130)).decision).toBe('keep_running');
    });

    it('is to ship without a planned size once the any-time test is decisive', () => {
        expect(decide(aPlan(), rates(100, 250)).decision).toBe('ship');
    });

    it('is not to ship when the goal got worse', () => {
        const verdict = decide(aPlan({ plannedUnits: 2000 }), rates(150, 100));

        expect(verdict.decision).toBe('do_not_ship');
        expect(verdict.because).toMatch(/^Harm shown: Purchase rate/);
    });

    it('reads a goal of which less is better the other way round', () => {
        const plan = aPlan({ plannedUnits: 2000, goals: ['bounce_rate'] });
        const ratio = (variant: string, bounced: number) => ({
            ...aShare('bounce_rate', variant, bounced, 1000),
            meanDenominator: 1,
            m2Denominator: 0,
            comoment: 0,
        });

        expect(decide(plan, [ratio('control', 400), ratio('treatment', 300)]).decision).toBe('ship');
        expect(decide(plan, [ratio('control', 300), ratio('treatment', 400)]).decision).toBe('do_not_ship');
    });

    it('is not to ship when a guardrail fails, however good the goal', () => {
        const plan = aPlan({ plannedUnits: 2000, guardrails: RETENTION });
        const verdict = decide(plan, [...rates(100, 250), ...rates(500, 300, 'retained_day_7')]);

        expect(verdict.decision).toBe('do_not_ship');
        expect(verdict.because).toMatch(/^Guardrail came back within 7 days, treatment is worse than its margin/);
    });

    it('waits for guardrails that are inconclusive', () => {
        const plan = aPlan({ plannedUnits: 2000, guardrails: RETENTION });
        const verdict = decide(plan, [...rates(100, 150), ...rates(100, 100, 'retained_day_7')]);

        expect(verdict.decision).toBe('keep_running_or_review');
        expect(verdict.because).toMatch(/is inconclusive: .* It needs about [\d,]+ more users\./);
    });

    it('does not count a guardrail without data as passed', () => {
        const plan = aPlan({ plannedUnits: 2000, guardrails: RETENTION });

        expect(decide(plan, rates(100, 150)).decision).toBe('keep_running_or_review');
    });

    it('speaks of no effect only at the planned size', () => {
        expect(decide(aPlan({ plannedUnits: 2000 }), rates(100, 101)).decision).toBe('no_effect_detected');
        expect(decide(aPlan({ plannedUnits: 2001 }), rates(100, 101)).decision).toBe('keep_running');
    });

    it('is a review when some goals are shown to improve and others are not', () => {
        const plan = aPlan({ plannedUnits: 2000, goals: ['purchased', 'added_to_cart'] });
        const verdict = decide(plan, [...rates(100, 160), ...rates(200, 201, 'added_to_cart')]);

        expect(verdict.decision).toBe('keep_running_or_review');
        expect(verdict.because).toMatch(/^The goals do not agree/);
    });

    it('is a review when the effect helps one kind of users and harms another', () => {
        const plan = aPlan({ plannedUnits: 2000, segments: ['device_type'] });
        const by = (segment: string, control: number, treatment: number) => [
            aShare('purchased', 'control', control, 500, { dimension: 'device_type', segment }),
            aShare('purchased', 'treatment', treatment, 500, { dimension: 'device_type', segment }),
        ];
        const verdict = decide(plan, [...rates(200, 200), ...by('mobile', 140, 60), ...by('desktop', 60, 140)]);

        expect(verdict.decision).toBe('review_segment');
        expect(verdict.because).toMatch(/improves in some device type segments and worsens in others \(p <0\.0001\)/);
    });

    it('is invalid when the arms did not get the users they were to get', () => {
        const exposures = [anExposure('control', 1000), anExposure('treatment', 1300)];
        const verdict = decide(aPlan({ plannedUnits: 2000 }), rates(100, 200), exposures);

        expect(verdict).toMatchObject({ decision: 'invalid', variant: null });
        expect(verdict.because).toMatch(
            /^Sample ratio mismatch: control 1,000, treatment 1,300 where 1,150, 1,150 were/,
        );
    });

    it('takes a split that was planned for what it is', () => {
        const arms = [
            { variant: 'control', weight: 3 },
            { variant: 'treatment', weight: 1 },
        ];
        const exposures = [anExposure('control', 1500), anExposure('treatment', 500)];

        expect(decide(aPlan({ plannedUnits: 2000, arms }), rates(100, 150), exposures).decision).toBe('ship');
    });

    it('is invalid when too many users were assigned to several variants', () => {
        const exposures = [anExposure('control', 1000, { severalVariants: 30 }), anExposure('treatment', 1000)];

        expect(decide(aPlan({ plannedUnits: 2000 }), rates(100, 150), exposures).because).toMatch(
            /^30 users \(1\.5%\) were assigned to several variants/,
        );
    });

    it('lets the arm that may still win speak for the experiment', () => {
        const plan = aPlan({
            plannedUnits: 3000,
            arms: ['control', 'worse', 'better'].map((variant) => ({ variant, weight: 1 })),
        });
        const exposures = ['control', 'worse', 'better'].map((variant) => anExposure(variant, 1000));
        const moments = [
            aShare('purchased', 'control', 100, 1000),
            aShare('purchased', 'worse', 50, 1000),
            aShare('purchased', 'better', 160, 1000),
        ];
        const verdict = decide(plan, moments, exposures);

        expect(verdict).toMatchObject({ decision: 'ship', variant: 'better' });
        expect(verdict.arms.map((arm) => arm.decision)).toEqual(['do_not_ship', 'ship']);
    });

    it('names the better of two arms that may ship', () => {
        const plan = aPlan({
            plannedUnits: 3000,
            arms: ['control', 'good', 'better'].map((variant) => ({ variant, weight: 1 })),
        });
        const exposures = ['control', 'good', 'better'].map((variant) => anExposure(variant, 1000));
        const moments = [
            aShare('purchased', 'control', 100, 1000),
            aShare('purchased', 'good', 160, 1000),
            aShare('purchased', 'better', 200, 1000),
        ];
        const verdict = decide(plan, moments, exposures);

        expect(verdict.variant).toBe('better');
        expect(verdict.arms.map((arm) => arm.decision)).toEqual(['ship', 'ship']);
    });

    it('decides nothing without a goal', () => {
        expect(decide(aPlan({ plannedUnits: 10, goals: [] }), rates(1, 2)).because).toBe(
            'The plan names no goal, so nothing can be decided.',
        );
    });
});
