import { describe, expect, it } from 'vitest';
import { analyseExperiment } from '#core/experiment/analyse.ts';
import { defaultPlan } from '#core/experiment/plan.ts';
import type { ExposureRow, MomentsRow } from '#core/experiment/rows.ts';
import { renderExperimentHtml } from '#core/report/experiment/html.ts';
import { renderExperimentJson } from '#core/report/experiment/json.ts';
import { aMean, anExposure, aShare, theShop } from './rows-builder.ts';

const META = {
    generatedAt: '2024-01-02T06:00:00.000Z',
    dataThrough: null,
    run: null,
    hash: '0123456789abcdef',
    links: [],
};

function analyse(rows: { moments: readonly MomentsRow[]; exposures: readonly ExposureRow[] }) {
    return analyseExperiment({ experimentId: 'pdp', ...rows });
}

describe('the reference experiment: 19 of 448 against 23 of 472', () => {
    const analysis = analyse(theShop());
    const goal = analysis.goals[0]!;

    it('has z 0.4589 and p 0.6463', () => {
        expect(goal.test).toMatchObject({ status: 'ok', method: 'two_proportion_z', degreesOfFreedom: null });
        if (goal.test.status !== 'ok') throw new Error('no test');
        expect(goal.test.statistic).toBeCloseTo(0.4589, 4);
        expect(goal.test.pValue).toBeCloseTo(0.6463, 4);
    });

    it('has the unpooled interval from -0.0206 to 0.0333', () => {
        if (goal.waldDifference.status !== 'ok') throw new Error('no interval');
        expect(goal.waldDifference.low).toBeCloseTo(-0.0206, 4);
        expect(goal.waldDifference.high).toBeCloseTo(0.0333, 4);
    });

    it('keeps running, with the numbers that say so, and never claims that there is no effect', () => {
        expect(analysis.verdict.decision).toBe('keep_running');
        expect(analysis.verdict.because).toContain('4.24% (control) to 4.87% (treatment)');
        expect(analysis.verdict.because).toContain('+14.9% relative; any-time p 1.');
        expect(analysis.verdict.because).not.toContain('p 0.65');
        expect(JSON.stringify(analysis.verdict)).not.toMatch(/no effect/i);
    });

    it('tells of users exposed before assignment and of windows cut short', () => {
        expect(analysis.exposure).toEqual({
            units: 920,
            exposedBeforeAssignment: 76,
            windowCut: 47,
            severalVariants: 0,
        });
        expect(analysis.verdict.also.join(' ')).toContain('76 of 920 exposed users (8.3%)');
        expect(analysis.verdict.also.join(' ')).toContain('47 of 920 exposed users (5.1%)');
    });

    it('finds a planned change of 6 % with a probability of 5.4 %', () => {
        const plan = { ...defaultPlan('pdp', ['control', 'treatment']), minimumLift: 0.06 };
        const planned = analyseExperiment({ experimentId: 'pdp', ...theShop(), plan });

        expect(planned.goals[0]?.powerAtMinimumLift).toBeCloseTo(0.054, 3);
        expect(planned.goals[1]?.powerAtMinimumLift).toBeNull();
        expect(goal.powerAtMinimumLift).toBeNull();
        expect(renderExperimentHtml(planned, META)).toContain('the users so far find it 5.4% of the time');
    });

    it('needs 101,280 users an arm for 6 % from 4.24 % on the arcsine scale, and finds them 5.4 % of the time', () => {
        const [reach] = analysis.reach;
        const row = reach?.rows.find(({ lift }) => lift === 0.06);

        expect(reach).toMatchObject({ variant: 'treatment', baseline: 0.0424 });
        expect(row?.unitsByArcsine).toBeCloseTo(101_280.045, 2);
        expect(row?.unitsByNormal).toBeCloseTo(101_299.75, 1);
        expect(row?.power).toBeCloseTo(0.054, 3);
        expect(renderExperimentHtml(analysis, META)).toContain('101,280</td>');
    });

    it('adjusts the p-value only for goals that have one', () => {
        expect(goal.adjustedPValue).toMatchObject({ status: 'ok', pValue: expect.closeTo(0.6463, 4) });
        expect(analysis.goals[1]?.adjustedPValue).toMatchObject({ status: 'no_units' });
    });

    it('counts a guardrail without data as inconclusive', () => {
        expect(analysis.guardrails.map((one) => one.verdict)).toEqual(['inconclusive', 'inconclusive', 'inconclusive']);
    });
});

describe('documents about too little', () => {
    const cases: Record<string, { moments: MomentsRow[]; exposures: ExposureRow[] }> = {
        'nothing at all': { moments: [], exposures: [] },
        'one arm': { moments: [aShare('purchased', 'control', 3, 40)], exposures: [anExposure('control', 40)] },
        'no conversions': {
            moments: [aShare('purchased', 'control', 0, 400), aShare('purchased', 'treatment', 0, 410)],
            exposures: [anExposure('control', 400), anExposure('treatment', 410)],
        },
        'one user an arm': {
            moments: [
                aMean('revenue', 'control', [3]),
                aMean('revenue', 'treatment', [4]),
                aShare('purchased', 'control', 1, 1),
                aShare('purchased', 'treatment', 1, 1),
            ],
            exposures: [anExposure('control', 1), anExposure('treatment', 1)],
        },
        'exposures without moments': {
            moments: [],
            exposures: [anExposure('control', 50), anExposure('treatment', 60)],
        },
    };

    it.each(Object.keys(cases))('can be written for %s, without a number that is none', (name) => {
        const analysis = analyse(cases[name]!);

        expect(() => renderExperimentJson(analysis, META)).not.toThrow();
        expect(renderExperimentHtml(analysis, META)).not.toMatch(/NaN|undefined|Infinity|\bnull\b/);
    });

    it('says that nobody was exposed', () => {
        const { verdict } = analyse(cases['nothing at all']!);

        expect(verdict).toMatchObject({ decision: 'keep_running', arms: [] });
        expect(verdict.because).toBe('Nobody has been exposed to the experiment yet, so nothing can be concluded.');
    });

    it('says that one arm is nothing to compare', () => {
        const { verdict } = analyse(cases['one arm']!);

        expect(verdict.decision).toBe('invalid');
        expect(verdict.because).toContain('Only one arm has users (control, 40)');
    });

    it('gives an interval but no test when nobody bought in either arm', () => {
        const goal = analyse(cases['no conversions']!).goals[0]!;

        expect(goal.test).toMatchObject({ status: 'no_conversions' });
        expect(goal.lift).toMatchObject({ status: 'no_baseline' });
        if (goal.difference.status !== 'ok') throw new Error('no interval');
        expect(goal.difference.low).toBeLessThan(-0.005);
        expect(goal.difference.high).toBeGreaterThan(0.005);
    });

    it('does not read other experiments', () => {
        const { moments, exposures } = theShop();
        const other = { experimentId: 'checkout' };

        const analysis = analyse({
            moments: [...moments, { ...aShare('purchased', 'control', 300, 400), ...other }],
            exposures: [...exposures, anExposure('third', 400, other)],
        });

        expect(analysis).toEqual(analyse(theShop()));
    });
});

describe('several arms', () => {
    const three = {
        moments: [
            aShare('purchased', 'control', 50, 1000),
            aShare('purchased', 'blue', 55, 1000),
            aShare('purchased', 'green', 45, 1000),
        ],
        exposures: [anExposure('control', 1000), anExposure('blue', 1000), anExposure('green', 1000)],
    };

    it('compares each with control and adjusts over all of them', () => {
        const { goals, verdict } = analyse(three);
        const purchased = goals.filter((goal) => goal.metric.name === 'purchased');

        expect(purchased.map((goal) => goal.treatment.variant)).toEqual(['blue', 'green']);
        expect(purchased.map((goal) => goal.adjustedPValue)).toEqual([
            { status: 'ok', pValue: 1 },
            { status: 'ok', pValue: 1 },
        ]);
        expect(verdict.arms.map((arm) => arm.variant)).toEqual(['blue', 'green']);
    });

    it('gives each goal an interval that is right for all goals at once, at the level of Bonferroni', () => {
        const [goal] = analyse(three).goals;
        const alone = defaultPlan('pdp', ['control', 'blue', 'green']);
        const strict = analyseExperiment({ experimentId: 'pdp', ...three, plan: { ...alone, alpha: 0.05 / 4 } });

        expect(goal?.adjustedDifference).toEqual(strict.goals[0]?.difference);
        if (goal?.adjustedDifference.status !== 'ok' || goal.difference.status !== 'ok') throw new Error('no interval');
        expect(goal.adjustedDifference.low).toBeLessThan(goal.difference.low);
        expect(goal.adjustedDifference.high).toBeGreaterThan(goal.difference.high);
    });

    it('finds users in an arm the plan gives no traffic', () => {
        const plan = defaultPlan('pdp', ['control', 'blue']);

        const analysis = analyseExperiment({ experimentId: 'pdp', ...three, plan });

        expect(analysis.verdict.decision).toBe('invalid');
        expect(analysis.verdict.because).toContain('1,000 users are in arms the plan gives no traffic');
        expect(analysis.arms.map((arm) => arm.plannedShare)).toEqual([0.5, 0.5, 0]);
    });
});

describe('determinism', () => {
    it('does not depend on the order of the rows', () => {
        const days = ['2023-05-03', '2023-05-01', '2023-05-02'].flatMap((exposedOn, day) => [
            aShare('purchased', 'control', 5 + day, 150, { exposedOn }),
            aShare('purchased', 'treatment', 9 + day, 151, { exposedOn }),
        ]);
        const exposures = [anExposure('control', 450), anExposure('treatment', 453)];

        const forth = renderExperimentJson(analyse({ moments: days, exposures }), META);
        const back = renderExperimentJson(
            analyse({ moments: [...days].reverse(), exposures: [...exposures].reverse() }),
            META,
        );

        expect(back).toBe(forth);
    });
});
