import { describe, expect, it } from 'vitest';
import { defaultPlan, exposureRows, treatmentsOf } from '#core/experiment/plan.ts';

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
