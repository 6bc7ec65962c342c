import { describe, expect, it } from 'vitest';
import { deviationsOf, freezePlan, freezeStarted, plansInForce } from '#core/experiment/declaration/freeze.ts';
import { newPlanText } from '#core/experiment/declaration/new-plan.ts';
import { readPlan } from '#core/experiment/declaration/read.ts';
import type { ExperimentPlan } from '#core/experiment/plan.ts';
import { createMemoryControl } from '#test/support/fakes/memory-control.ts';

function aPlan(change: (text: string) => string = (text) => text): ExperimentPlan {
    return readPlan({ name: 'page.yaml', text: change(newPlanText('page', '2024-03-01')) }).plan!;
}

const BEFORE = '2024-02-29T23:59:59.000Z';
const AFTER = '2024-03-01T00:00:00.000Z';
const inForce = async (control: ReturnType<typeof createMemoryControl>, plan: ExperimentPlan | undefined) =>
    plansInForce(control, plan === undefined ? new Map() : new Map([[plan.experimentId, plan]]));

describe('freezing a plan', () => {
    it('happens on its first day, not before', async () => {
        const control = createMemoryControl();

        await freezeStarted(control, [aPlan()], BEFORE);
        expect((await inForce(control, aPlan()))[0]?.frozenAt).toBeNull();

        await freezeStarted(control, [aPlan()], AFTER);
        expect((await inForce(control, aPlan()))[0]).toMatchObject({ frozenAt: AFTER, deviations: [] });
    });

    it('lets a file change as it likes before', async () => {
        const control = createMemoryControl();
        const [plan] = await inForce(
            control,
            aPlan((text) => text.replace('size: 100000', 'size: 5000')),
        );

        expect(plan?.plannedUnits).toBe(5000);
    });

    it('keeps the first copy and lists what the file says differently', async () => {
        const control = createMemoryControl();
        const later = aPlan((text) =>
            text
                .replace('size: 100000', 'size: 5000')
                .replace('bounce_rate: 5%', 'bounce_rate: 20%')
                .replace('  session_duration: 5%\n', ''),
        );

        await freezePlan(control, aPlan(), AFTER);
        await freezePlan(control, later, '2024-03-09T00:00:00.000Z');
        const [plan] = await inForce(control, later);

        expect(plan).toMatchObject({ plannedUnits: 100_000, frozenAt: AFTER });
        expect(plan?.deviations).toEqual([
            { place: 'guardrails.bounce_rate', planned: '5.0%', now: '20.0%' },
            { place: 'guardrails.session_duration', planned: '5.0%', now: 'nothing' },
            { place: 'size', planned: '100000', now: '5000' },
        ]);
    });

    it('holds when the file is gone', async () => {
        const control = createMemoryControl();
        await freezePlan(control, aPlan(), AFTER);

        const [plan] = await inForce(control, undefined);

        expect(plan?.deviations).toEqual([{ place: 'the plan', planned: 'a file', now: 'no file any more' }]);
    });

    it('sees every key of a file', () => {
        const places = (change: (text: string) => string) =>
            deviationsOf(aPlan(), aPlan(change)).map((one) => one.place);

        expect(places((t) => t.replace('control: 50%', 'control: 80%'))).toEqual(['arms.control']);
        expect(places((t) => t.replace('[purchased, revenue]\n# How', '[revenue]\n# How'))).toEqual(['goals']);
        expect(places((t) => t.replace('looks: every_build', 'looks: {at: [100000]}'))).toEqual(['looks']);
        expect(places((t) => t.replace('power: 80%', 'power: 90%').replace('alpha: 0.05', 'alpha: 0.01'))).toEqual([
            'alpha',
            'power',
        ]);
        expect(places((t) => t.replace('Replace this', 'We replaced this'))).toEqual(['hypothesis']);
    });
});
