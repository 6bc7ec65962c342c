import { clusterFactor, quantileBand, quantileEstimateFrom } from '#stats/quantile-effect.ts';
import { compareEstimates } from '#stats/welch.ts';
import { UsageError } from '../../errors.ts';
import { missing } from '../outcome.ts';
import { type ExperimentPlan, treatmentsOf } from '../plan.ts';
import type { QuantileReading } from '../readings/document.ts';
import type { BeforeRow, CappedRow } from '../readings/rows.ts';
import type { CapSpec, CovariateSpec, MetricSpec, QuantileSpec } from './spec.ts';
import type { ArmQuantile, CapRequest, CovariateRequest, QuantileRequest, UnitTable } from './unit-table.ts';

/** What is asked of a table besides its goals. */
export interface ReadingQuestion {
    readonly goals: readonly MetricSpec[];
    readonly covariates: readonly CovariateSpec[];
    readonly caps: readonly CapSpec[];
    readonly quantiles: readonly QuantileSpec[];
    readonly alpha: number;
}

/** The same as requests to a reader. */
export interface ReadingRequests {
    readonly covariates: readonly CovariateRequest[];
    readonly caps: readonly CapRequest[];
    readonly quantiles: readonly QuantileRequest[];
}

/** Finds the goal of each covariate and cap. Throws UsageError when there is none, or it has one already. */
export function requestsOf({ goals, covariates, caps, quantiles, alpha }: ReadingQuestion): ReadingRequests {
    const place = (name: string, option: string) => {
        const index = goals.findIndex((goal) => goal.name === name);
        if (index >= 0) return index;
        throw new UsageError(
            `${option} is for a goal, and there is no --metric ${name}. Goals are ${goals.map((goal) => goal.name).join(', ')}.`,
        );
    };
    const requested = covariates.flatMap((spec) =>
        covariateRequests(spec, goals, (name) => place(name, '--covariate')),
    );
    refuseSecond(goals, requested, 'covariate');
    const capped = caps.map(({ metric, ...cap }) => ({ metric: place(metric, '--cap'), ...cap }));
    refuseSecond(goals, capped, 'cap');
    return {
        covariates: requested,
        caps: capped,
        quantiles: quantiles.flatMap(({ column, probabilities }) =>
            probabilities.map((probability) => ({
                column,
                probability,
                band(rows: number) {
                    const band = quantileBand(probability, rows, alpha);
                    return band.status === 'ok' ? band : undefined;
                },
            })),
        ),
    };
}

function covariateRequests(
    { metric, covariate }: CovariateSpec,
    goals: readonly MetricSpec[],
    place: (name: string) => number,
): CovariateRequest[] {
    const isRatio = covariate.denominator !== null;
    const fits = (goal: MetricSpec) => (goal.denominator !== null) === isRatio;
    const wanted = metric === null ? goals.flatMap((goal, index) => (fits(goal) ? [index] : [])) : [place(metric)];
    const wrong = wanted.map((index) => goals[index]!).find((goal) => !fits(goal));
    if (wrong !== undefined || wanted.length === 0) {
        throw new UsageError(
            `The covariate ${covariate.name} fits no goal${wrong === undefined ? '' : ` ${wrong.name}`}: a ratio needs two columns such as visits=bought_before/visits_before, anything else one.`,
        );
    }
    const same = wanted.map((index) => goals[index]!).find((goal) => goal.numerator === covariate.numerator);
    if (same !== undefined) {
        throw new UsageError(
            `The goal ${same.name} cannot be its own covariate. Name a column that was known before the experiment.`,
        );
    }
    return wanted.map((index) => ({ metric: index, covariate }));
}

function refuseSecond(goals: readonly MetricSpec[], requests: readonly { metric: number }[], what: string): void {
    const twice = requests.find(({ metric }, index) => requests.findIndex((one) => one.metric === metric) < index);
    if (twice === undefined) return;
    throw new UsageError(`The goal ${goals[twice.metric]!.name} has two ${what}s. Name one.`);
}

/** What was known before, an entry a goal with a covariate and arm. */
export function beforeRowsOf(
    experimentId: string,
    question: Pick<ReadingQuestion, 'goals'>,
    requests: readonly CovariateRequest[],
    { covariates }: Pick<UnitTable, 'covariates'>,
): BeforeRow[] {
    return requests.flatMap(({ metric, covariate }, index) =>
        [...covariates[index]!].map(([variant, moments]): BeforeRow => {
            const { count, means, comoments } = moments;
            const isRatio = covariate.denominator !== null;
            const x = isRatio ? 2 : 1;
            return {
                experimentId,
                exposedOn: '',
                variant,
                metric: question.goals[metric]!.name,
                covariate: covariate.name,
                ratio: isRatio ? moments : undefined,
                moments: {
                    count,
                    meanY: means[0]!,
                    m2Y: comoments[0]![0]!,
                    meanX: means[x]!,
                    m2X: comoments[x]![x]!,
                    comoment: comoments[0]![x]!,
                },
            };
        }),
    );
}

/** What was lowered, an entry a cap and arm. A cap of nothing is none. */
export function cappedRowsOf(
    { goals }: Pick<ReadingQuestion, 'goals'>,
    requests: readonly CapRequest[],
    { caps }: Pick<UnitTable, 'caps'>,
): CappedRow[] {
    return requests.flatMap(({ metric, quantile }, index) => {
        const { cap, denominatorCap, groups } = caps[index]!;
        if (cap === null) return [];
        return groups.map(({ arm, capped, moments }) => {
            return { variant: arm, metric: goals[metric]!.name, quantile, cap, denominatorCap, capped, moments };
        });
    });
}

/** Quantiles of columns, arm against arm. Where units have several rows their likeness widens the interval. */
export function quantilesOf(
    plan: ExperimentPlan,
    requests: readonly QuantileRequest[],
    { quantiles }: Pick<UnitTable, 'quantiles'>,
): QuantileReading[] {
    const columns = [...new Set(requests.map(({ column }) => column))];
    return treatmentsOf(plan).flatMap((variant) =>
        columns.map((column): QuantileReading => {
            const rows = requests.flatMap((request, index) => {
                if (request.column !== column) return [];
                const arm = (name: string) => quantiles[index]!.find((one) => one.arm === name);
                const [control, treatment] = [arm(plan.control), arm(variant)];
                const difference = differenceOf(plan, request.probability, control, treatment);
                return [
                    {
                        probability: request.probability,
                        control: control?.value ?? null,
                        treatment: treatment?.value ?? null,
                        difference,
                    },
                ];
            });
            return { label: column.replaceAll('_', ' '), unit: 'count', variant, rows };
        }),
    );
}

function differenceOf(
    { alpha }: ExperimentPlan,
    probability: number,
    control: ArmQuantile | undefined,
    treatment: ArmQuantile | undefined,
): QuantileReading['rows'][number]['difference'] {
    const [c, t] = [control, treatment].map((arm) =>
        arm === undefined ? undefined : estimateOf(arm, probability, alpha),
    );
    if (c === undefined || t === undefined) return missing('too_few_units', 'Too few rows for this quantile.');
    if (c.status !== 'ok' || t.status !== 'ok') {
        return missing('no_variation', 'Too many rows share this value for an interval.');
    }
    const found = compareEstimates(c, t, alpha);
    if (found.status !== 'ok') return missing('no_variation', 'The arms do not vary around this quantile.');
    const { difference, interval, pValue } = found;
    return { status: 'ok', value: difference, low: interval.lower, high: interval.upper, pValue };
}

function estimateOf({ value, lower, upper, rows, below }: ArmQuantile, probability: number, alpha: number) {
    const band = quantileBand(probability, rows, alpha);
    if (value === null || lower === null || upper === null || band.status !== 'ok') return undefined;
    const found = quantileEstimateFrom({ value, lower, upper }, rows, band.critical);
    if (below === null || found.status !== 'ok') return found;
    const factor = clusterFactor(below, probability, rows);
    if (factor === undefined) return undefined;
    return { ...found, variance: found.variance * factor, count: below.count };
}
