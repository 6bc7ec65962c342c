import { basename } from 'node:path';
import { UsageError } from '../../errors.ts';
import { analyseExperiment } from '../analyse.ts';
import type { ExperimentAnalysis, TrustCheck } from '../document.ts';
import { formatCount } from '../format.ts';
import type { Metric } from '../metrics.ts';
import { defaultPlan, type ExperimentPlan } from '../plan.ts';
import type { ExposureRow, MomentsRow } from '../rows.ts';
import type { CapSpec, CovariateSpec, MetricSpec, QuantileSpec } from './spec.ts';
import { beforeRowsOf, cappedRowsOf, quantilesOf, requestsOf } from './table-readings.ts';
import type { UnitTable, UnitTableReader } from './unit-table.ts';

/** What a person asks of a file. */
export interface TableQuestion {
    readonly path: string;
    readonly arm: string;
    /** `null`: the arm named control, else the first by name. */
    readonly control: string | null;
    readonly unit: string | null;
    readonly goals: readonly MetricSpec[];
    readonly guardrails: readonly { readonly metric: MetricSpec; readonly margin: number }[];
    /** Names of metrics of which less is better. */
    readonly lowerIsBetter: readonly string[];
    readonly segments: readonly string[];
    /** What was known of units before, for a goal. */
    readonly covariates: readonly CovariateSpec[];
    /** Goals that are also read with their largest values lowered. */
    readonly caps: readonly CapSpec[];
    /** Columns whose quantiles are compared. */
    readonly quantiles: readonly QuantileSpec[];
    /** The planned split; without one an equal one is assumed. */
    readonly split: ReadonlyMap<string, number> | null;
    readonly alpha: number;
    readonly currency: string | null;
}

/** A file has no days: all its units were looked at once. */
const NO_DAY = '';

/**
 * The whole analysis of a file of units: the same tests and the same document as for the shop's experiments, read
 * as one look at complete data. Throws UsageError when the question does not fit the file.
 */
export async function analyseTable(reader: UnitTableReader, question: TableQuestion): Promise<ExperimentAnalysis> {
    const specs = [...question.goals, ...question.guardrails.map(({ metric }) => metric)];
    refuseRepeats(specs);
    const requests = requestsOf(question);
    const table = await reader.read({ ...question, ...requests, metrics: specs });
    const metrics = specs.map((spec, index) => metricOfSpec(spec, table, index, question.lowerIsBetter));
    const experimentId = basename(question.path).replace(/\.(csv|tsv|txt|parquet|json|ndjson)(\.gz)?$/i, '');
    const plan = planOf(question, experimentId, table, metrics);
    return analyseExperiment({
        experimentId,
        plan,
        moments: momentsOf(experimentId, table, metrics),
        exposures: exposuresOf(experimentId, table),
        before: beforeRowsOf(experimentId, question, requests.covariates, table),
        capped: cappedRowsOf(question, requests.caps, table),
        quantiles: quantilesOf(plan, requests.quantiles, table),
        checks: [valuesCheck(table, metrics), armsCheck(table)],
    });
}

function refuseRepeats(specs: readonly MetricSpec[]): void {
    const names = specs.map(({ name }) => name);
    const repeated = names.find((name, index) => names.indexOf(name) < index);
    if (repeated !== undefined) {
        throw new UsageError(
            `Expected each metric once, found ${repeated} twice. Keep it as a goal or as a guardrail.`,
        );
    }
}

function metricOfSpec(
    spec: MetricSpec,
    { quality }: UnitTable,
    index: number,
    lowerIsBetter: readonly string[],
): Metric {
    const { isBinary, missing } = quality[index]!;
    if (spec.kind === 'proportion' && !isBinary) {
        throw new UsageError(
            `The share ${spec.name} needs values 0 and 1 (or true and false), found others. Make it ${spec.numerator}:mean, or a column that says yes or no.`,
        );
    }
    const kind = spec.kind ?? (isBinary ? 'proportion' : 'mean');
    const without = missing > 0 ? ' Units without a value are left out.' : '';
    const meanings = {
        proportion: `Share of units with ${spec.numerator}.${without}`,
        mean: `Average of ${spec.numerator} over units.${without}`,
        ratio: `Sum of ${spec.numerator} divided by the sum of ${spec.denominator}.${without}`,
    };
    return {
        name: spec.name,
        label: spec.name.replaceAll('_', ' '),
        kind,
        unit: kind === 'proportion' ? 'share' : 'count',
        better: lowerIsBetter.includes(spec.name) ? 'lower' : 'higher',
        meaning: meanings[kind],
        ...(spec.denominator === null ? {} : { divisor: spec.denominator }),
    };
}

function planOf(
    question: TableQuestion,
    experimentId: string,
    table: UnitTable,
    metrics: readonly Metric[],
): ExperimentPlan {
    const found = [...new Set(table.groups.map(({ arm }) => arm))];
    const { split } = question;
    const named = split === null ? found : [...new Set([...split.keys()])];
    const defaults = defaultPlan(experimentId, named);
    const control = question.control ?? defaults.control;
    if (named.length > 0 && !named.includes(control)) {
        throw new UsageError(
            `There is no arm "${control}" in column ${question.arm}. Arms are ${found.sort().join(', ') || 'none'}.`,
        );
    }
    const others = defaults.arms.filter(({ variant }) => variant !== control);
    return {
        ...defaults,
        unit: question.unit ?? 'row of the file',
        exposedBy: [],
        control,
        arms: (named.length === 0 ? [] : [{ variant: control, weight: 1 }, ...others]).map(({ variant }) => ({
            variant,
            weight: split === null ? 1 : (split.get(variant) ?? 0),
        })),
        alpha: question.alpha,
        metrics,
        covariates: requestsOf(question).covariates.map(({ metric }) => question.goals[metric]!.name),
        goals: question.goals.map(({ name }) => name),
        guardrails: question.guardrails.map(({ metric, margin }) => ({ metric: metric.name, margin })),
        segments: question.segments,
        looks: { kind: 'once' },
        currency: question.currency,
        windowDays: 0,
        declared: split !== null,
    };
}

function momentsOf(experimentId: string, { groups }: UnitTable, metrics: readonly Metric[]): MomentsRow[] {
    return groups.flatMap(({ arm, dimension, segment, moments }) =>
        moments.map((joint, index): MomentsRow => {
            const isRatio = metrics[index]!.kind === 'ratio';
            return {
                experimentId,
                exposedOn: NO_DAY,
                variant: arm,
                dimension,
                segment,
                metric: metrics[index]!.name,
                units: joint.count,
                meanNumerator: joint.meanY,
                m2Numerator: joint.m2Y,
                meanDenominator: isRatio ? joint.meanX : null,
                m2Denominator: isRatio ? joint.m2X : null,
                comoment: isRatio ? joint.comoment : null,
            };
        }),
    );
}

function exposuresOf(experimentId: string, { groups, severalArms }: UnitTable): ExposureRow[] {
    const base = { experimentId, exposedOn: NO_DAY, exposedBeforeAssignment: 0, windowCut: 0 };
    const several = new Map(severalArms);
    const rows = groups.map(({ arm, dimension, segment, units }) => {
        const severalVariants = dimension === 'all' ? (several.get(arm) ?? 0) : 0;
        if (dimension === 'all') several.delete(arm);
        return { ...base, variant: arm, dimension, segment, units, severalVariants };
    });
    const left = [...several].map(([variant, severalVariants]) => ({
        ...base,
        variant,
        dimension: 'all',
        segment: 'all',
        units: 0,
        severalVariants,
    }));
    return [...rows, ...left];
}

function valuesCheck({ quality }: UnitTable, metrics: readonly Metric[]): TrustCheck {
    const words = quality.flatMap(({ missing, infinite }, index) => {
        const parts = [
            ...(missing > 0 ? [`${formatCount(missing)} missing`] : []),
            ...(infinite > 0 ? [`${formatCount(infinite)} infinite or not a number`] : []),
        ];
        return parts.length === 0 ? [] : [`${metrics[index]!.label}: ${parts.join(', ')}`];
    });
    return {
        id: 'values',
        label: 'Every unit has a value',
        level: words.length === 0 ? 'ok' : 'caution',
        measured: words.join('; ') || 'no exceptions',
        detail:
            words.length === 0
                ? 'No value is missing or infinite.'
                : `Units without a usable value are left out of that metric (${words.join('; ')}). If the treatment decides who has a value, the arms cannot be compared.`,
    };
}

function armsCheck({ rowsWithoutArm }: UnitTable): TrustCheck {
    return {
        id: 'without_arm',
        label: 'Every row has an arm',
        level: rowsWithoutArm === 0 ? 'ok' : 'caution',
        measured: `${formatCount(rowsWithoutArm)} rows without one`,
        detail: rowsWithoutArm === 0 ? 'Every row says its arm.' : 'Rows without an arm are left out.',
    };
}
