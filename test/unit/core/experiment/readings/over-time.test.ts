import { describe, expect, it } from 'vitest';
import { analyseExperiment } from '#core/experiment/analyse.ts';
import { defaultPlan, type ExperimentPlan } from '#core/experiment/plan.ts';
import { plannedLooks, sequentialP } from '#core/experiment/planned-looks.ts';
import { anExposure, aShare } from '../rows-builder.ts';

const DAYS = Array.from({ length: 12 }, (_, day) => `2023-05-${String(day + 1).padStart(2, '0')}`);
const PLAN: ExperimentPlan = {
    ...defaultPlan('pdp', ['control', 'treatment']),
    goals: ['purchased'],
    guardrails: [],
};

/** `buyers` of 500 treated users on each day, 50 of 500 in control. */
function analyse(buyers: (day: number) => number, plan: ExperimentPlan = PLAN, treated = (_: number) => 500) {
    return analyseExperiment({
        experimentId: 'pdp',
        plan,
        moments: DAYS.flatMap((exposedOn, day) => [
            aShare('purchased', 'control', 50, 500, { exposedOn }),
            aShare('purchased', 'treatment', buyers(day), 500, { exposedOn }),
        ]),
        exposures: DAYS.flatMap((exposedOn, day) => [
            anExposure('control', 500, { exposedOn }),
            anExposure('treatment', treated(day), { exposedOn }),
        ]),
    });
}

const checkOf = (analysis: ReturnType<typeof analyse>, id: string) => analysis.trust.find((check) => check.id === id);

describe('users by when they first came', () => {
    it('are four groups of about as many', () => {
        expect(analyse(() => 50).novelty[0]?.cohorts.map(({ from, to, units }) => [from, to, units])).toEqual([
            ['2023-05-01', '2023-05-03', 3000],
            ['2023-05-04', '2023-05-06', 3000],
            ['2023-05-07', '2023-05-09', 3000],
            ['2023-05-10', '2023-05-12', 3000],
        ]);
    });

    it('show an effect that wears off, and none where there is none', () => {
        expect(analyse((day) => 110 - 5 * day).novelty[0]?.sentence).toMatch(/^The effect changes with the time/);
        expect(analyse(() => 60).novelty[0]?.sentence).toMatch(/^No evidence that the effect is another/);
    });
});

describe('the split as time went by', () => {
    it('is in order when every day has it', () => {
        const analysis = analyse(() => 50);

        expect(checkOf(analysis, 'sample_ratio_sequential')?.level).toBe('ok');
        expect(analysis.sampleRatioOverTime).toMatchObject({ daysTested: 12, daysOff: [] });
    });

    it('finds the day on which an arm was down', () => {
        const analysis = analyse(
            () => 50,
            PLAN,
            (day) => (day === 4 ? 350 : 512),
        );

        expect(analysis.sampleRatioOverTime.daysOff.map(({ exposedOn }) => exposedOn)).toEqual(['2023-05-05']);
        expect(checkOf(analysis, 'sample_ratio_daily')).toMatchObject({ level: 'caution' });
    });

    it('stops the decision when any look showed another split', () => {
        const analysis = analyse(
            () => 50,
            PLAN,
            () => 400,
        );

        expect(checkOf(analysis, 'sample_ratio_sequential')?.level).toBe('alert');
        expect(analysis.verdict.decision).toBe('invalid');
    });
});

describe('the plan against the calendar', () => {
    const dated = (startsOn: string, endsOn: string) =>
        checkOf(
            analyse(() => 50, { ...PLAN, startsOn, endsOn }),
            'planned_dates',
        );

    it('wants exposures on planned days', () => {
        expect(dated('2023-05-01', '2023-05-12')?.level).toBe('ok');
        expect(dated('2023-05-02', '2023-05-12')?.detail).toContain('before the planned days');
        expect(dated('2023-05-01', '2023-05-10')?.detail).toContain('after the planned days');
        expect(dated('2023-05-02', '2023-05-10')?.detail).toContain('before and after the planned days');
    });

    it('tells of changes after the start', () => {
        const changed: ExperimentPlan = {
            ...PLAN,
            declared: true,
            frozenAt: '2023-05-01T00:00:00.000Z',
            deviations: [{ place: 'size', planned: '1', now: '2' }],
        };

        expect(
            checkOf(
                analyse(() => 50, changed),
                'plan_frozen',
            ),
        ).toMatchObject({ level: 'caution', measured: '1 changed since' });
    });
});

describe('looks at planned sizes', () => {
    const looks: ExperimentPlan = {
        ...PLAN,
        plannedUnits: 24_000,
        looks: { kind: 'at_units', units: [4800, 9600, 14_400, 19_200, 24_000] },
    };

    it('have the bounds of Lan and DeMets: z 4.877, 3.357, 2.680 at the first three of five', () => {
        const levels = [4800, 9600, 14_400].map((units) => plannedLooks(looks, units, 1)?.level);

        expect(levels).toEqual([expect.closeTo(1.08e-6, 8), expect.closeTo(0.000788, 6), expect.closeTo(0.00736, 5)]);
    });

    it('decide nothing before the first', () => {
        expect(plannedLooks(looks, 4799, 1)).toEqual({ reached: 0, planned: 5, level: null });
        expect(plannedLooks(PLAN, 5000, 1)).toBeNull();
    });

    it('split the level between goals', () => {
        expect(plannedLooks(looks, 14_400, 2)!.level!).toBeLessThan(plannedLooks(looks, 14_400, 1)!.level! / 2);
    });

    it('ship on a bound that is crossed, early', () => {
        expect(analyse(() => 65, looks).verdict.decision).toBe('ship');
        expect(analyse(() => 53, looks).verdict.decision).toBe('keep_running');
    });

    it('compare the plain p-value with the bound', () => {
        const [goal] = analyse(() => 65, looks).goals;

        expect(sequentialP(goal!, looks, 4799, 1)).toBe(1);
        expect(sequentialP(goal!, looks, 12_000, 1)).toBeLessThan(0.05);
    });
});
