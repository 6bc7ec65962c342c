import { describe, expect, it } from 'vitest';
import { defaultPlan, treatmentsOf } from '#core/experiment/plan.ts';

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
