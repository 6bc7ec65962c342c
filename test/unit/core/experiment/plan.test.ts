import { describe, expect, it } from 'vitest';
import { analyseExperiment } from '#core/experiment/analyse.ts';
import { defaultPlan, exposureRows, treatmentsOf } from '#core/experiment/plan.ts';
import { anExposure, aRatio } from './rows-builder.ts';

describe('the plan of an undeclared experiment', () => {
    it('takes the arm named control as control', () => {
        const plan = defaultPlan('pdp', ['a_treatment', 'control']);

        expect(plan.control).toBe('control');
        expect(treatmentsOf(plan)).toEqual(['a_treatment']);
    });

    it('takes the first arm by name when none is named control', () => {
        expect(defaultPlan('pdp', ['old', 'new', 'newer']).control).toBe('new');
    });

    it('splits traffic equally and plans no size', () => {
        const plan = defaultPlan('pdp', ['control', 'b', 'c', 'b']);

        expect(plan.arms.map((arm) => arm.weight)).toEqual([1, 1, 1]);
        expect(plan.plannedUnits).toBeNull();
        expect(plan.declared).toBe(false);
    });

    it('has no arms when nobody was seen', () => {
        expect(defaultPlan('pdp', []).arms).toEqual([]);
    });
});

describe('error events', () => {
    it('are guarded by default where the shop has any', () => {
        const errors = (variant: string, y: number) =>
            aRatio('error_rate', variant, [
                [y, 5],
                [0, 4],
                [0, 6],
            ]);
        const guarded = (y: number) =>
            analyseExperiment({
                experimentId: 'pdp',
                moments: [errors('control', 0), errors('treatment', y)],
                exposures: [anExposure('control', 3), anExposure('treatment', 3)],
            }).plan.guardrails.map(({ metric }) => metric);

        expect(guarded(1)).toContain('error_rate');
        expect(guarded(0)).not.toContain('error_rate');
    });
});

describe('the events that expose users', () => {
    const plan = defaultPlan('pdp', ['control', 'treatment']);
    const usual = [
        ['', 'default', 'view_product'],
        ['', 'default', 'pdp_view'],
    ];

    it('are the usual ones where a plan names no others, in whatever order', () => {
        expect(exposureRows([])).toEqual(usual);
        expect(exposureRows([plan, { ...plan, exposedBy: ['pdp_view', 'view_product'] }])).toEqual(usual);
        expect(exposureRows([{ ...plan, exposedBy: [] }])).toEqual(usual);
    });

    it('are those of a plan, and experiments with the same events share an exposure', () => {
        const plans = [
            { ...plan, exposedBy: ['view_cart', 'begin_checkout'] },
            { ...plan, experimentId: 'basket', exposedBy: ['begin_checkout', 'view_cart'] },
        ];

        expect(exposureRows(plans).slice(2)).toEqual([
            ['pdp', 'begin_checkout or view_cart', 'begin_checkout'],
            ['pdp', 'begin_checkout or view_cart', 'view_cart'],
            ['basket', 'begin_checkout or view_cart', 'begin_checkout'],
            ['basket', 'begin_checkout or view_cart', 'view_cart'],
        ]);
    });
});
