import { UsageError } from '../../errors.ts';
import type { MetricKind } from '../metrics.ts';

/** One metric of a table: a column, or one column divided by another. */
export interface MetricSpec {
    readonly name: string;
    readonly numerator: string;
    /** `null` unless the metric is a ratio of two sums. */
    readonly denominator: string | null;
    /** `null`: a share when all values are 0 and 1, else a mean. */
    readonly kind: MetricKind | null;
}

const KINDS: readonly MetricKind[] = ['proportion', 'mean', 'ratio'];

/**
 * Reads `spend`, `visit:proportion`, `spend:mean` or `bounced/sessions:ratio`.
 *
 * @throws UsageError when the kind is unknown, or a ratio does not name two columns
 */
export function parseMetric(text: string): MetricSpec {
    const colon = text.lastIndexOf(':');
    const [columns, word] = colon < 0 ? [text, undefined] : [text.slice(0, colon), text.slice(colon + 1)];
    const kind = KINDS.find((known) => known === word) ?? null;
    if (columns.trim() === '' || (word !== undefined && kind === null)) {
        throw new UsageError(
            `Expected a metric such as spend, visit:proportion or bounced/sessions:ratio, found "${text}". Kinds are ${KINDS.join(', ')}.`,
        );
    }
    const [numerator = '', denominator, ...more] = columns.split('/').map((part) => part.trim());
    const isRatio = denominator !== undefined;
    if (more.length > 0 || numerator === '' || denominator === '') {
        throw new UsageError(`Expected at most two columns in a metric, as in bounced/sessions, found "${text}".`);
    }
    if (kind === 'ratio' && !isRatio) {
        throw new UsageError(
            `A ratio needs two columns, found "${text}". Write what is counted and what it is divided by, such as bounced/sessions:ratio.`,
        );
    }
    if (isRatio && kind !== null && kind !== 'ratio') {
        throw new UsageError(`Two columns make a ratio, found "${text}". Write ${columns}:ratio, or name one column.`);
    }
    return {
        name: isRatio ? `${numerator} per ${denominator}` : numerator,
        numerator,
        denominator: denominator ?? null,
        kind: isRatio ? 'ratio' : kind,
    };
}

/** Reads `name=value` pairs separated by commas: `control=50,treatment=50`. Throws UsageError on anything else. */
export function parseSplit(text: string): Map<string, number> {
    const split = new Map<string, number>();
    for (const part of text.split(',')) {
        const [, name, weight] = /^\s*(.+?)\s*=\s*(\d+(?:\.\d+)?)\s*%?\s*$/.exec(part) ?? [];
        if (name === undefined || weight === undefined || split.has(name)) {
            throw new UsageError(
                `Expected the planned split such as control=50,treatment=50, found "${text}". Name each arm once with a number.`,
            );
        }
        split.set(name, Number(weight));
    }
    return split;
}

/** A metric's covariate; `metric` is `null` for all goals it fits. */
export interface CovariateSpec {
    readonly metric: string | null;
    readonly covariate: MetricSpec;
}

/** Reads `history`, `spend=history` or `bounced/sessions=bounced_before/sessions_before`. */
export function parseCovariate(text: string): CovariateSpec {
    const [left, right] = partsOf(text);
    const covariate = parseMetric(right ?? left);
    if (covariate.kind === 'proportion' || covariate.kind === 'mean') {
        throw new UsageError(
            `Expected a covariate such as history or spend=history, found "${text}". Leave out the kind.`,
        );
    }
    return { metric: right === undefined ? null : parseMetric(left).name, covariate };
}

/** A metric whose largest values are lowered to a quantile of all arms together. */
export interface CapSpec {
    readonly metric: string;
    readonly quantile: number;
    readonly ignoreZeros: boolean;
}

/** Reads `spend` (99.9%), `spend=99%` or `spend=99%,nonzero`: the quantile of the values that are not zero. */
export function parseCap(text: string): CapSpec {
    const [left, right = '99.9%'] = partsOf(text);
    const [, percent, nonzero] = /^(\d+(?:\.\d+)?)\s*%\s*(,\s*nonzero)?$/.exec(right) ?? [];
    const quantile = shareOf(percent);
    if (!(quantile >= 0.5 && quantile < 1)) {
        throw new UsageError(
            `Expected a cap such as spend=99% or spend=99%,nonzero, found "${text}". Write a quantile from 50% on: values above it are lowered to it.`,
        );
    }
    return { metric: parseMetric(left).name, quantile, ignoreZeros: nonzero !== undefined };
}

/** A column whose quantiles are compared. */
export interface QuantileSpec {
    readonly column: string;
    readonly probabilities: readonly number[];
}

/** Reads `load_ms` (median, P90, P99) or `load_ms=95%`. */
export function parseQuantile(text: string): QuantileSpec {
    const [column, right] = partsOf(text);
    if (right === undefined && column !== '') return { column, probabilities: [0.5, 0.9, 0.99] };
    const probability = shareOf(/^(\d+(?:\.\d+)?)\s*%$/.exec(right ?? '')?.[1]);
    if (column === '' || !(probability > 0 && probability < 1)) {
        throw new UsageError(`Expected a quantile such as load_ms or load_ms=95%, found "${text}".`);
    }
    return { column, probabilities: [probability] };
}

/** What stands before and after the last `=`. */
function partsOf(text: string): [string, string?] {
    const at = text.lastIndexOf('=');
    return at < 0 ? [text.trim()] : [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}

/** A percentage as a share, without the digits dividing would add. */
function shareOf(percent: string | undefined): number {
    return Number((Number(percent) / 100).toPrecision(12));
}

/** Reads `bounced/sessions=5%`: a metric that must not get worse by more than a share. */
export function parseGuardrail(text: string): { readonly metric: MetricSpec; readonly margin: number } {
    const [, metric, margin] = /^(.+)=\s*(\d+(?:\.\d+)?)\s*%$/.exec(text) ?? [];
    if (metric === undefined || !(Number(margin) > 0 && Number(margin) < 100)) {
        throw new UsageError(
            `Expected a guardrail such as visit=5%, found "${text}". Write the column and by how much it may get worse.`,
        );
    }
    return { metric: parseMetric(metric), margin: Number(margin) / 100 };
}
