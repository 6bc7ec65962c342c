import { describe, expect, it } from 'vitest';
import { addAnytime, followLooks, lookSeries } from '#core/experiment/anytime.ts';
import { compareArms } from '#core/experiment/compare.ts';
import { describeMetric } from '#core/experiment/metrics.ts';
import { openBook } from '#core/experiment/moments.ts';
import { defaultPlan } from '#core/experiment/plan.ts';
import { aShare } from './rows-builder.ts';

const plan = defaultPlan('pdp', ['control', 'treatment']);
const metric = describeMetric('purchased');

/** One day's buyers of 60 users in each arm. */
function days(buyers: readonly (readonly [number, number])[]) {
    return openBook(
        buyers.flatMap(([control, treatment], day) => {
            const place = { exposedOn: `2023-05-${String(day + 1).padStart(2, '0')}` };
            return [
                aShare('purchased', 'control', control, 60, place),
                aShare('purchased', 'treatment', treatment, 60, place),
            ];
        }),
    );
}

function anytimeOf(book: ReturnType<typeof days>) {
    const arm = (variant: string) => ({ variant, moments: book.pooled({ metric: 'purchased', variant }) });
    const compared = addAnytime(
        plan,
        followLooks(plan, book, metric, 'treatment'),
        compareArms(metric, arm('control'), arm('treatment'), plan.alpha),
    );
    if (compared.anytime.status !== 'ok' || compared.difference.status !== 'ok') throw new Error('no interval');
    return { ...compared, anytime: compared.anytime, difference: compared.difference };
}

describe('looking after every day', () => {
    it('does not count looks before both arms have the minimum', () => {
        const looks = lookSeries(
            followLooks(
                plan,
                days([
                    [6, 7],
                    [5, 6],
                    [4, 9],
                ]),
                metric,
                'treatment',
            ),
        );

        expect(looks.map((look) => [look.exposedOn, look.units])).toEqual([
            ['2023-05-02', 240],
            ['2023-05-03', 360],
        ]);
    });

    it('says from when on looks count when there is none yet', () => {
        const book = days([[6, 7]]);
        const arm = (variant: string) => ({ variant, moments: book.pooled({ metric: 'purchased', variant }) });
        const compared = addAnytime(
            plan,
            followLooks(plan, book, metric, 'treatment'),
            compareArms(metric, arm('control'), arm('treatment'), plan.alpha),
        );

        expect(compared.anytime).toEqual({ status: 'too_few_units', why: 'Begins when both arms have 100 users.' });
    });

    it('is wider than the interval for one look', () => {
        const { anytime, difference } = anytimeOf(
            days([
                [6, 7],
                [5, 6],
                [4, 9],
            ]),
        );

        expect(anytime.low).toBeLessThan(difference.low);
        expect(anytime.high).toBeGreaterThan(difference.high);
    });

    it('keeps the smallest p-value and the narrowest band seen', () => {
        const swing = [
            [5, 40],
            [5, 40],
            [5, 40],
            [40, 5],
            [40, 5],
        ] as const;
        const looks = lookSeries(followLooks(plan, days(swing), metric, 'treatment'));

        for (const [index, look] of looks.entries()) {
            const before = looks[index - 1];
            if (before === undefined) continue;
            expect(look.pValue).toBeLessThanOrEqual(before.pValue);
            expect(look.low).toBeGreaterThanOrEqual(before.low);
            expect(look.high).toBeLessThanOrEqual(before.high);
        }
        expect(anytimeOf(days(swing)).anytime.pValue).toBe(looks.at(-1)?.pValue);
        expect(looks.at(-1)?.pValue).toBeLessThan(0.001);
    });
});
