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
