import { srmTest } from '#stats/srm.ts';
import { sequentialSrm } from '#stats/srm-sequential.ts';
import { missing } from '../outcome.ts';
import type { ExperimentPlan } from '../plan.ts';
import type { ExposureRow } from '../rows.ts';
import type { SampleRatioOverTime } from './document.ts';

const SHOWN_DAYS = 60;
/** Fewer expected users in an arm on a day, and the chi-square says nothing. */
const LEAST_EXPECTED = 5;

/** The split of users day by day: once for every look together, once for each day by itself. */
export function sampleRatioOverTime(plan: ExperimentPlan, exposures: readonly ExposureRow[]): SampleRatioOverTime {
    const arms = plan.arms.filter(({ weight }) => weight > 0);
    const days = new Map<string, number[]>();
    for (const { dimension, exposedOn, variant, units } of exposures) {
        const arm = arms.findIndex((one) => one.variant === variant);
        if (dimension !== 'all' || arm < 0 || units === 0) continue;
        const counts = days.get(exposedOn) ?? arms.map(() => 0);
        counts[arm] = counts[arm]! + units;
        days.set(exposedOn, counts);
    }
    const sorted = [...days].sort(([a], [b]) => (a < b ? -1 : 1));
    const weights = arms.map(({ weight }) => weight);
    return {
        sequential: sequentialOf(sorted, weights),
        ...dailyOf(sorted, weights),
        exposures: sorted.slice(-SHOWN_DAYS).map(([exposedOn, counts]) => ({ exposedOn, units: sum(counts) })),
    };
}

type Days = readonly (readonly [exposedOn: string, counts: readonly number[]])[];

function sequentialOf(days: Days, weights: readonly number[]): SampleRatioOverTime['sequential'] {
    let total = weights.map(() => 0);
    const looks = days.map(([, counts]) => {
        total = total.map((count, arm) => count + counts[arm]!);
        return total;
    });
    const found = sequentialSrm(looks, weights);
    if (found.status === 'ok') {
        return { status: 'ok', pValue: found.pValue, logBayesFactor: found.logBayesFactor };
    }
    return found.status === 'insufficient_n'
        ? missing('no_units', 'Nobody has been exposed yet.')
        : missing('not_applicable', 'Needs two arms that are to get traffic.');
}

function dailyOf(days: Days, weights: readonly number[]): Pick<SampleRatioOverTime, 'daysTested' | 'daysOff'> {
    const share = Math.min(...weights) / Math.max(sum(weights), Number.MIN_VALUE);
    const testable = days.filter(([, counts]) => sum(counts) * share >= LEAST_EXPECTED);
    const tested = testable.flatMap(([exposedOn, counts]) => {
        const arms = counts.map((count, arm) => ({ count, weight: weights[arm]! }));
        const found = srmTest(arms, testable.length);
        return found.status === 'ok' ? [{ exposedOn, pValue: found.pValue, verdict: found.verdict }] : [];
    });
    const off = tested.filter(({ verdict }) => verdict === 'alert');
    return { daysTested: tested.length, daysOff: off.map(({ exposedOn, pValue }) => ({ exposedOn, pValue })) };
}

function sum(counts: readonly number[]): number {
    return counts.reduce((total, count) => total + count, 0);
}
