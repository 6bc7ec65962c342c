import { describe, expect, it } from 'vitest';
import { defaultPlan } from '#core/experiment/plan.ts';
import { readPlanRows } from '#core/experiment/plan-rows.ts';

describe('rows of experiment_plans', () => {
    const plan = defaultPlan('pdp', ['a', 'b']);

    it('are plans by experiment', () => {
        expect(readPlanRows([{ experiment_id: 'pdp', plan: JSON.stringify(plan) }]).get('pdp')).toEqual(plan);
    });

    it.each([
        ['no JSON', { experiment_id: 'pdp', plan: '{' }],
        ['the plan of another experiment', { experiment_id: 'other', plan: JSON.stringify(plan) }],
    ])('are refused: %s', (_, row) => {
        expect(() => readPlanRows([row])).toThrow(/^experiment_plans row 1: expected the plan of/);
    });
});
