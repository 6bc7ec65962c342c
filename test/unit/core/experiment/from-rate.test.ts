import { describe, expect, it } from 'vitest';
import { defaultPlan } from '#core/experiment/plan.ts';
import { planFromRate } from '#core/experiment/sizing/from-rate.ts';

const plan = { ...defaultPlan('pdp', ['control', 'treatment']), goals: ['purchased'] };

describe('a size from a share', () => {
    it('is 101,280 users an arm for 6 % more than 4.24 %, on the arcsine scale', () => {
        const { document, sentences } = planFromRate(plan, 0.06, 0.0424);

        expect(sentences.join('\n')).toContain(
            '+6.0% from 4.24% in purchase rate 80 times out of 100, two-sided at 5%',
        );
        expect(sentences.join('\n')).toContain('101,280 users an arm on the arcsine scale');
        expect(sentences.join('\n')).toContain('101,300 with the pooled variance');
        expect(document).toMatchObject({ alone: { unitsByArcsine: expect.closeTo(101_280.045, 2) }, tests: 1 });
    });

    it('is larger for several goals, which are corrected together', () => {
        const { sentences } = planFromRate({ ...plan, goals: ['purchased', 'revenue'] }, 0.06, 0.0424);

        expect(sentences.at(-1)).toMatch(/corrected for all 2 goals and arms of the plan: 12\d,\d{3} users in control/);
    });

    it('needs a share', () => {
        expect(() => planFromRate({ ...plan, goals: ['revenue'] }, 0.06, 0.04)).toThrow(
            /^A base rate is for a share, and the primary goal revenue is none/,
        );
        expect(() => planFromRate(plan, 2, 0.5)).toThrow(/^A change of \+200\.0% from 50\.00% leads beyond 100%/);
    });
});
