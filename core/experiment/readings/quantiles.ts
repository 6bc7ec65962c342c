import type { Estimate } from '#stats/estimate.ts';
import { quantileBand, quantileEstimateFrom } from '#stats/quantile-effect.ts';
import { compareEstimates } from '#stats/welch.ts';
import type { Outcome } from '../document.ts';
import type { Metric } from '../metrics.ts';
import { missing } from '../outcome.ts';
import { type ExperimentPlan, treatmentsOf } from '../plan.ts';
import { type Distribution, distributionOf, quantileOf } from './distribution.ts';
import type { QuantileReading } from './document.ts';
import type { ValueRow } from './rows.ts';

const PROBABILITIES = [0.5, 0.9, 0.99];

/** Values a user that have quantiles worth a look. */
const VALUES: readonly { metric: string; label: string; unit: Metric['unit']; scale: number }[] = [
    { metric: 'revenue', label: 'Revenue per user', unit: 'money', scale: 100 },
    { metric: 'events_per_user', label: 'Events per user', unit: 'count', scale: 1 },
    { metric: 'session_seconds', label: 'Time in sessions per user', unit: 'seconds', scale: 1 },
];

/** Median, P90 and P99 of each value a user, arm against control. Quantiles are right to a percent. */
export function quantileReadings(plan: ExperimentPlan, values: readonly ValueRow[]): QuantileReading[] {
    return treatmentsOf(plan).flatMap((variant) =>
        VALUES.flatMap(({ metric, label, unit, scale }) => {
            const control = distributionOf(values, metric, [plan.control]);
            const treatment = distributionOf(values, metric, [variant]);
            if (control.units === 0 || treatment.units === 0) return [];
            const rows = PROBABILITIES.map((probability) => {
                const [c, t] = [control, treatment].map((arm) => quantileOf(arm, probability));
                return {
                    probability,
                    control: c === undefined ? null : c / scale,
                    treatment: t === undefined ? null : t / scale,
                    difference: differenceOf(plan.alpha, probability, scale, control, treatment),
                };
            });
            return [{ label, unit, variant, rows }];
        }),
    );
}

function differenceOf(
    alpha: number,
    probability: number,
    scale: number,
    control: Distribution,
    treatment: Distribution,
): QuantileReading['rows'][number]['difference'] {
    const [c, t] = [control, treatment].map((arm) => estimateOf(arm, probability, alpha, scale));
    if (c!.status !== 'ok') return c!;
    if (t!.status !== 'ok') return t!;
    const found = compareEstimates(c!, t!, alpha);
    if (found.status !== 'ok') return missing('no_variation', 'The arms do not vary around this quantile.');
    const { difference, interval, pValue } = found;
    return { status: 'ok', value: difference, low: interval.lower, high: interval.upper, pValue };
}

function estimateOf(arm: Distribution, probability: number, alpha: number, scale: number): Outcome<Estimate> {
    const band = quantileBand(probability, arm.units, alpha);
    if (band.status !== 'ok') return missing('too_few_units', 'Too few users for this quantile.');
    const at = (p: number) => (quantileOf(arm, p) ?? 0) / scale;
    const found = quantileEstimateFrom(
        { value: at(probability), lower: at(band.lower), upper: at(band.upper) },
        arm.units,
        band.critical,
    );
    return found.status === 'ok' ? found : missing('no_variation', 'Too many users share this value for an interval.');
}
