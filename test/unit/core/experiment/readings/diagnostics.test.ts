import { describe, expect, it } from 'vitest';
import { defaultPlan } from '#core/experiment/plan.ts';
import { cappedMoments, distributionOf, quantileOf } from '#core/experiment/readings/distribution.ts';
import { logisticReadings } from '#core/experiment/readings/logistic.ts';
import { quantileReadings } from '#core/experiment/readings/quantiles.ts';
import {
    type CellRow,
    readBeforeRows,
    readCellRows,
    readValueRows,
    type ValueRow,
} from '#core/experiment/readings/rows.ts';
import { compareProportions } from '#stats/proportions.ts';

const PLAN = defaultPlan('pdp', ['control', 'treatment']);
const CELL = { experimentId: 'pdp', deviceType: 'all', country: 'all', userType: 'all', events: -1 };

function aCell(
    cell: CellRow['cell'],
    variant: string,
    buyers: number,
    units: number,
    more: Partial<CellRow> = {},
): CellRow {
    return { ...CELL, cell, variant, buyers, units, ...more };
}

function readingOf(cells: readonly CellRow[], model: 'before' | 'events') {
    const found = logisticReadings(PLAN, cells).find((reading) => reading.model === model);
    if (found === undefined) throw new Error(`no model ${model}`);
    return found;
}

describe('the regression of buying', () => {
    it('without covariates gives the difference of the shares', () => {
        const { outcome } = readingOf(
            [aCell('before', 'control', 19, 448), aCell('before', 'treatment', 23, 472)],
            'before',
        );
        const direct = compareProportions({ successes: 19, trials: 448 }, { successes: 23, trials: 472 }, 0.05);

        if (outcome.status !== 'ok' || direct.status !== 'ok') throw new Error('no fit');
        expect(outcome.effect).toMatchObject({ status: 'ok', value: expect.closeTo(direct.difference, 9) });
        expect(outcome.terms[1]?.oddsRatio?.value).toBeCloseTo(23 / 449 / (19 / 429), 9);
    });

    it('takes segments as dummies and leaves out what repeats others', () => {
        const cells = ['mobile', 'desktop'].flatMap((deviceType) => [
            aCell('before', 'control', 10, 100, { deviceType, country: deviceType === 'mobile' ? 'UK' : 'US' }),
            aCell('before', 'treatment', 14, 100, { deviceType, country: deviceType === 'mobile' ? 'UK' : 'US' }),
        ]);
        const { outcome } = readingOf(cells, 'before');

        if (outcome.status !== 'ok') throw new Error('no fit');
        expect(outcome.terms.map(({ term }) => term)).toEqual(['intercept', 'treatment', 'device_type mobile']);
        expect(outcome.dropped).toEqual(['country US']);
    });

    it('calls the model with events after exposure an association', () => {
        const cells = [1, 2, 5].flatMap((events) => [
            aCell('events', 'control', events, 50, { events }),
            aCell('events', 'treatment', events + 1, 50, { events }),
        ]);
        const reading = readingOf(cells, 'events');

        expect(reading.warning).toContain('not the effect of the treatment');
        expect(reading.outcome).toMatchObject({ status: 'ok', method: 'maximum_likelihood' });
        expect(
            readingOf([...cells, aCell('before', 'control', 1, 9), aCell('before', 'treatment', 2, 9)], 'before')
                .warning,
        ).toBeNull();
    });

    it('of the reference experiment has odds ratio 1.395 and p 0.354 on treatment and events in the window', () => {
        // Events in the window: users, and buyers among them.
        const control =
            '1:260:0 2:87:0 3:30:0 4:28:12 5:16:4 6:5:0 7:7:0 8:4:1 9:3:1 10:1:0 11:3:0 13:2:0 15:1:0 17:1:1';
        const treatment =
            '1:280:0 2:83:0 3:35:0 4:34:11 5:15:2 6:7:3 7:4:0 8:7:3 9:1:1 10:2:0 11:1:1 12:1:1 13:1:0 15:1:1';
        const cells = Object.entries({ control, treatment }).flatMap(([variant, text]) =>
            text.split(' ').map((cell) => {
                const [events, units, buyers] = cell.split(':').map(Number);
                return aCell('events', variant, buyers!, units!, { events: events! });
            }),
        );
        const { outcome, warning } = readingOf(cells, 'events');

        if (outcome.status !== 'ok') throw new Error('no fit');
        expect(outcome.users).toBe(920);
        expect(outcome.terms[1]?.oddsRatio?.value).toBeCloseTo(1.395, 3);
        expect(outcome.terms[1]?.pValue).toBeCloseTo(0.354, 3);
        expect(warning).toContain('an association');
    });

    it('falls back to Firth where an outcome is certain', () => {
        const { outcome } = readingOf(
            [aCell('before', 'control', 0, 40), aCell('before', 'treatment', 5, 40)],
            'before',
        );

        expect(outcome).toMatchObject({ status: 'ok', method: 'firth' });
    });

    it.each([
        ['nobody bought', [aCell('before', 'control', 0, 40), aCell('before', 'treatment', 0, 40)], 'no_conversions'],
        [
            'fewer users than terms',
            [aCell('before', 'control', 1, 1), aCell('before', 'treatment', 0, 1)],
            'too_few_units',
        ],
    ] as const)('says why there is no fit: %s', (_, cells, status) => {
        expect(readingOf(cells, 'before').outcome.status).toBe(status);
    });

    it('is not made without cells', () => {
        expect(logisticReadings(PLAN, [])).toEqual([]);
    });
});

function someValues(variant: string, values: readonly number[], metric = 'events_per_user'): ValueRow[] {
    return [...Map.groupBy(values, (value) => value)].map(([value, own]) => ({
        experimentId: 'pdp',
        variant,
        metric,
        bucket: value,
        units: own.length,
        sum: value * own.length,
        sumOfSquares: value * value * own.length,
        highest: value,
    }));
}

describe('how values spread', () => {
    const values = Array.from({ length: 101 }, (_, i) => i);
    const own = distributionOf(someValues('a', values), 'events_per_user', ['a']);

    it('has the quantiles of the values', () => {
        expect([0, 0.5, 0.9, 1].map((p) => quantileOf(own, p))).toEqual([0, 50, 90, 100]);
        expect(quantileOf({ units: 0, buckets: [] }, 0.5)).toBeUndefined();
    });

    it('has exact moments, whole and capped', () => {
        expect(cappedMoments(own, 1000)).toEqual({
            moments: { count: 101, mean: 50, m2: expect.closeTo(85_850, 6) },
            capped: 0,
        });
        expect(cappedMoments(own, 90)).toMatchObject({
            capped: 10,
            moments: { mean: expect.closeTo(50 - 55 / 101, 9) },
        });
    });
});

describe('quantiles of two arms', () => {
    it('are compared where there is room for an interval', () => {
        const arm = (shift: number) => Array.from({ length: 2000 }, (_, i) => (i % 97) + shift);
        const [reading] = quantileReadings(PLAN, [
            ...someValues('control', arm(0)),
            ...someValues('treatment', arm(10)),
        ]);

        expect(reading?.rows.map(({ control, treatment }) => [control, treatment])).toEqual([
            [47, 57],
            [86, 96],
            [95, 105],
        ]);
        expect(reading?.rows[0]?.difference).toMatchObject({ status: 'ok', value: 10, pValue: expect.any(Number) });
    });

    it('say when too many share a value, or too few there are', () => {
        const rows = (count: number) =>
            quantileReadings(PLAN, [
                ...someValues('control', Array(count).fill(1)),
                ...someValues('treatment', Array(count).fill(1)),
            ])[0]?.rows;

        expect(rows(500)?.[0]?.difference.status).toBe('no_variation');
        expect(rows(3)?.[2]?.difference.status).toBe('too_few_units');
    });
});

describe('rows of the marts', () => {
    it('are read in an order of their own', () => {
        const row = (variant: string, bucket: number) => ({
            experiment_id: 'pdp',
            variant,
            metric: 'revenue',
            bucket,
            count_units: '2',
            sum_values: 4,
            sum_squares: 8,
            highest: 2n,
        });

        const read = readValueRows([row('b', 1), row('a', 100), row('a', 2)]);

        expect(read.map(({ variant, bucket }) => [variant, bucket])).toEqual([
            ['a', 2],
            ['a', 100],
            ['b', 1],
        ]);
    });

    it.each([
        [() => readValueRows([{ experiment_id: 'pdp' }]), /^experiment_distributions row 1: expected text in variant/],
        [
            () => readCellRows([{ experiment_id: 'pdp', variant: 'a', cell: 'before' }]),
            /^experiment_cells row 1: expected a number/,
        ],
        [() => readBeforeRows([{}]), /^experiment_before_moments row 1: expected text in experiment_id/],
    ])('are refused with their place %#', (read, message) => {
        expect(read).toThrow(message);
    });
});
