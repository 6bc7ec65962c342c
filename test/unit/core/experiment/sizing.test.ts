import { describe, expect, it } from 'vitest';
import { defaultPlan } from '#core/experiment/plan.ts';
import type { ShopHistory } from '#core/experiment/sizing/history.ts';
import { daysFor, planSize } from '#core/experiment/sizing/size.ts';
import { sizeSentence } from '#core/experiment/sizing/words.ts';

const plan = { ...defaultPlan('pdp', ['control', 'treatment']), goals: ['purchased'], guardrails: [] };
const pace = Array.from({ length: 56 }, (_, day) => (day + 1) * 100);

function history(mean: number, correlation: number | null = null): ShopHistory {
    const metric = { metric: 'purchased', units: 920, mean, variance: mean * (1 - mean), correlation };
    return { from: '2023-11-05', to: '2023-12-31', exposedByDay: pace, metrics: [metric] };
}

describe('the size of an experiment', () => {
    it('is what power.prop.test gives: 101,273 an arm from 19 of 448 for 6 %', () => {
        const [need] = planSize(plan, 0.06, history(19 / 448)).needs;

        expect(need).toMatchObject({ controlUnits: 101_273, units: 202_546 });
    });

    it('is within a hundredth of a percent of the arcsine approximation, 101,280 from a rounded 4.24 %', () => {
        const [rate, raised] = [0.0424, 0.0424 * 1.06];
        const h = 2 * Math.asin(Math.sqrt(raised)) - 2 * Math.asin(Math.sqrt(rate));
        const arcsine = (2 * (1.959963984540054 + 0.8416212335729143) ** 2) / h ** 2;

        expect(Math.round(arcsine)).toBe(101_280);
        expect(planSize(plan, 0.06, history(19 / 448)).needs[0]!.controlUnits! / arcsine).toBeCloseTo(1, 3);
    });

    it('shrinks by the squared correlation with the days before', () => {
        const [need] = planSize(plan, 0.06, history(0.1, 0.5)).needs;

        expect(need!.adjustedUnits! / need!.units!).toBeCloseTo(0.75, 1);
    });

    it('takes no covariate that hardly says anything', () => {
        expect(planSize(plan, 0.06, history(0.1, 0.01)).needs[0]?.adjustedUnits).toBeNull();
    });

    it('grows for a decision on any day, and a little for looks at fixed sizes', () => {
        const fixed = planSize(plan, 0.06, history(0.1)).needs[0]!;
        const looks = { kind: 'at_units', units: [1, 2, 3, 4, 5] } as const;
        const sequential = planSize({ ...plan, looks }, 0.06, history(0.1)).needs[0]!;

        expect(fixed.anytimeUnits! / fixed.units!).toBeGreaterThan(1.5);
        expect(sequential.units! / fixed.units!).toBeGreaterThan(1.01);
        expect(sequential.units! / fixed.units!).toBeLessThan(1.05);
    });

    it('is ruled by the guardrail that needs most', () => {
        const guarded = { ...plan, guardrails: [{ metric: 'purchased', margin: 0.01 }] };
        const size = planSize(guarded, 0.06, history(0.1));

        expect(size.units).toBe(size.needs[1]?.units);
        expect(size.needs[1]!.units!).toBeGreaterThan(size.needs[0]!.units!);
    });

    it('is unknown without a history, and says so', () => {
        const size = planSize(plan, 0.06, { ...history(0.1), metrics: [] });

        expect(size).toMatchObject({ units: null, days: null });
        expect(sizeSentence(plan, 0.06, history(0.1), size).join(' ')).toContain('None of the goals has a baseline');
        expect(planSize(plan, 0.06, history(0)).units).toBeNull();
    });

    it('says when the plan is too small', () => {
        const size = planSize(plan, 0.06, history(0.1));

        expect(sizeSentence({ ...plan, plannedUnits: 1000 }, 0.06, history(0.1), size).at(-1)).toContain('too few');
        expect(sizeSentence({ ...plan, plannedUnits: 1e6 }, 0.06, history(0.1), size).join()).not.toContain('too few');
    });
});

describe('the days an experiment takes', () => {
    it('are those of the history', () => {
        expect(daysFor(250, pace)).toBe(3);
    });

    it('go on at the pace of the last two weeks', () => {
        expect(daysFor(6600, pace)).toBe(66);
    });

    it('are unknown when nobody new comes', () => {
        expect(daysFor(200, [100, 100, 100])).toBeNull();
    });
});
