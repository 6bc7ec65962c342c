import { describe, expect, it } from 'vitest';
import { analyseExperiment, type ExperimentInputs } from '#core/experiment/analyse.ts';
import { defaultPlan } from '#core/experiment/plan.ts';
import type { BeforeRow, ValueRow } from '#core/experiment/readings/rows.ts';
import { jointMomentsOf } from '#stats/joint-moments.ts';
import { momentsOf } from '#stats/moments.ts';
import { compareMeans } from '#stats/welch.ts';
import { aMean, anExposure, aShare } from '../rows-builder.ts';

/** Pairs of money before and after, the treatment's a little higher; `shift` moves the treatment's before. */
function pairs(shift: number): Record<string, { x: number; y: number }[]> {
    const arm = (lift: number, before: number) =>
        Array.from({ length: 200 }, (_, i) => {
            const x = (i * 37) % 100;
            return { x: x + before, y: x + before + ((i * 17) % 20) + lift };
        });
    return { control: arm(0, 0), treatment: arm(3, shift) };
}

function bucketsOf(variant: string, cents: readonly number[]): ValueRow[] {
    const groups = Map.groupBy(cents, (value) =>
        value <= 100 ? value : 100 + Math.floor(Math.log(value / 100) * 100),
    );
    return [...groups].map(([bucket, values]) => ({
        experimentId: 'pdp',
        variant,
        metric: 'revenue',
        bucket,
        units: values.length,
        sum: values.reduce((sum, value) => sum + value, 0),
        sumOfSquares: values.reduce((sum, value) => sum + value * value, 0),
        highest: Math.max(...values),
    }));
}

function analyse(more: Partial<ExperimentInputs> = {}, shift = 0) {
    const arms = pairs(shift);
    const before = Object.entries(arms).map(
        ([variant, own]): BeforeRow => ({
            experimentId: 'pdp',
            exposedOn: '2023-05-01',
            variant,
            metric: 'revenue',
            moments: jointMomentsOf(own),
        }),
    );
    const moments = Object.entries(arms).map(([variant, own]) =>
        aMean(
            'revenue',
            variant,
            own.map(({ y }) => y),
        ),
    );
    const exposures = Object.keys(arms).map((variant) => anExposure(variant, 200));
    const plan = {
        ...defaultPlan('pdp', ['control', 'treatment']),
        goals: ['revenue'],
        guardrails: [],
        plannedUnits: 400,
    };
    return analyseExperiment({ experimentId: 'pdp', plan, moments, exposures, before, ...more });
}

const readingOf = (analysis: ReturnType<typeof analyse>, kind: string) =>
    analysis.readings[0]?.readings.find((reading) => reading.kind === kind);

describe('with the days before exposure', () => {
    it('the spread shrinks and the effect stays', () => {
        const reading = readingOf(analyse(), 'cuped')!;

        expect(reading.varianceReduction).toBeGreaterThan(0.9);
        if (reading.outcome.status !== 'ok') throw new Error(reading.outcome.why);
        expect(reading.outcome.difference.value).toBeCloseTo(3, 6);
        expect(reading.outcome.pValue).toBeLessThan(1e-6);
    });

    it('is as wide as the any-time interval before the planned size', () => {
        const plan = { ...defaultPlan('pdp', ['control', 'treatment']), goals: ['revenue'], guardrails: [] };
        const [early, late] = [analyse({ plan }), analyse()].map((one) => readingOf(one, 'cuped')!.outcome);

        if (early?.status !== 'ok' || late?.status !== 'ok') throw new Error('no reading');
        expect(early.difference.value).toBe(late.difference.value);
        expect(early.difference.low).toBeLessThan(late.difference.low);
        expect(early.pValue).toBeGreaterThan(late.pValue);
    });

    it('says when nobody did anything before', () => {
        const idle = analyse({
            before: ['control', 'treatment'].map((variant) => ({
                experimentId: 'pdp',
                exposedOn: '2023-05-01',
                variant,
                metric: 'revenue',
                moments: jointMomentsOf([1, 2, 3].map((y) => ({ x: 0, y }))),
            })),
        });

        expect(readingOf(idle, 'cuped')?.outcome).toMatchObject({ status: 'no_variation' });
        expect(idle.trust.find(({ id }) => id === 'pre_exposure_bias')?.level).toBe('not_checked');
    });

    it('arms that differed before make the experiment invalid', () => {
        const biased = analyse({}, 40);

        expect(biased.verdict.decision).toBe('invalid');
        expect(biased.verdict.because).toContain(
            'differed in revenue per user before treatment could make a difference',
        );
        expect(readingOf(biased, 'cuped')?.flags).toContain('pre_exposure_bias');
        expect(analyse().trust.find(({ id }) => id === 'pre_exposure_bias')?.level).toBe('ok');
    });

    it('is not read when the plan names no such covariate', () => {
        const plan = { ...defaultPlan('pdp', ['control', 'treatment']), goals: ['revenue'], covariates: [] };

        expect(readingOf(analyse({ plan }), 'cuped')).toBeUndefined();
    });
});

describe('with large values capped', () => {
    const cents = {
        control: [...Array.from({ length: 300 }, (_, i) => (i % 3) * 1000), 9_000_000],
        treatment: Array.from({ length: 301 }, (_, i) => (i % 3) * 1100),
    };
    const values = Object.entries(cents).flatMap(([variant, own]) => bucketsOf(variant, own));
    const moments = Object.entries(cents).map(([variant, own]) =>
        aMean(
            'revenue',
            variant,
            own.map((value) => value / 100),
        ),
    );
    const capped = analyse({ values, moments, before: [] });

    it('equals a test of the values lowered one by one', () => {
        const lowered = (own: readonly number[]) => momentsOf(own.map((value) => Math.min(value / 100, 22)));
        const direct = compareMeans(lowered(cents.control), lowered(cents.treatment), 0.05);
        const reading = readingOf(capped, 'winsorised')!;

        if (direct.status !== 'ok' || reading.outcome.status !== 'ok') throw new Error('no result');
        expect(reading.outcome.difference.value).toBeCloseTo(direct.difference, 9);
        expect(reading.outcome.pValue).toBeCloseTo(direct.pValue, 9);
    });

    it('says where the cap was, and whom it cut', () => {
        expect(capped.diagnostics.caps).toMatchObject([
            {
                quantile: 0.99,
                cap: 22,
                capped: [
                    { variant: 'control', units: 1 },
                    { variant: 'treatment', units: 0 },
                ],
            },
        ]);
    });

    it('flags an effect whose sign the cap turns', () => {
        expect(readingOf(capped, 'winsorised')?.flags).toEqual(['sign_flip']);
    });
});

describe('weighted by segment', () => {
    it('an accidental imbalance is no effect', () => {
        const place = (segment: string) => ({ dimension: 'device_type', segment });
        const analysis = analyseExperiment({
            experimentId: 'pdp',
            moments: [
                aShare('purchased', 'control', 110, 600),
                aShare('purchased', 'treatment', 170, 600),
                aShare('purchased', 'control', 100, 500, place('desktop')),
                aShare('purchased', 'control', 10, 100, place('mobile')),
                aShare('purchased', 'treatment', 20, 100, place('desktop')),
                aShare('purchased', 'treatment', 50, 500, place('mobile')),
            ],
            exposures: [anExposure('control', 600), anExposure('treatment', 600)],
        });
        const reading = analysis.readings[0]?.readings.find(({ kind }) => kind === 'post_stratified');

        if (reading?.outcome.status !== 'ok') throw new Error('no result');
        expect(reading.outcome.difference.value).toBeCloseTo(0, 12);
    });
});

describe('chances', () => {
    it('of two shares are those of two beta distributions', () => {
        const analysis = analyseExperiment({
            experimentId: 'pdp',
            moments: [aShare('purchased', 'control', 19, 448), aShare('purchased', 'treatment', 23, 472)],
            exposures: [anExposure('control', 448), anExposure('treatment', 472)],
        });

        expect(analysis.chances[0]?.outcome).toMatchObject({ status: 'ok', chanceToWin: expect.closeTo(0.673, 3) });
    });

    it('of a metric of which less is better are turned round', () => {
        const chance = (metric: string, better: 'higher' | 'lower') => {
            const own = {
                name: metric,
                label: metric,
                kind: 'proportion',
                unit: 'share',
                better,
                meaning: '',
            } as const;
            const plan = { ...defaultPlan('pdp', ['a', 'b']), metrics: [own], goals: [metric], guardrails: [] };
            const moments = [aShare(metric, 'a', 10, 100), aShare(metric, 'b', 20, 100)];
            const exposures = [anExposure('a', 100), anExposure('b', 100)];
            const [found] = analyseExperiment({ experimentId: 'pdp', plan, moments, exposures }).chances;
            if (found?.outcome.status !== 'ok') throw new Error('no chance');
            return found.outcome;
        };

        expect(chance('left', 'lower').chanceToWin).toBeCloseTo(1 - chance('left', 'higher').chanceToWin, 12);
        expect(chance('left', 'lower').lossIfShipped).toBe(chance('left', 'higher').lossIfKept);
    });
});

describe('what it would bring', () => {
    it('is the change times the users a day', () => {
        const [impact] = analyse().impact;

        expect(impact).toMatchObject({ unitsPerDay: 400, perDay: { status: 'ok', value: expect.closeTo(1200, 6) } });
    });
});
