import type { ExperimentAnalysis } from '#core/experiment/document.ts';
import { formatChange, formatChangeInterval, formatP, formatShare, formatValue } from '#core/experiment/format.ts';
import { readingWords } from '#core/report/experiment/readings.ts';
import { whyMissing } from '#core/report/experiment/words.ts';
import { markdownTable } from '../output/table.ts';

/** The goals read otherwise, and quantiles, as sections of Markdown: what the options of a question asked for. */
export function readingLines({ readings, diagnostics, plan }: ExperimentAnalysis): string[] {
    const { currency } = plan;
    const others = readings.flatMap(({ metric, variant, readings: all }) =>
        all
            .filter(({ kind }) => kind !== 'raw')
            .map(({ kind, outcome, varianceReduction, note }) => [
                `${metric.label}, ${variant}`,
                readingWords(kind),
                outcome.status === 'ok'
                    ? `${formatChange(metric.unit, outcome.difference.value, currency)} (${formatChangeInterval(metric.unit, outcome.difference, currency)})`
                    : (whyMissing(outcome) ?? ''),
                outcome.status === 'ok' ? formatP(outcome.pValue) : '-',
                varianceReduction === null ? '-' : formatShare(Math.max(0, varianceReduction)),
                note,
            ]),
    );
    const quantiles = diagnostics.quantiles.flatMap(({ label, unit, variant, rows }) =>
        rows.map(({ probability, control, treatment, difference }) => {
            const value = (one: number | null) => (one === null ? '-' : formatValue(unit, one, currency));
            return [
                `${label}, ${variant}`,
                `P${Number((probability * 100).toPrecision(6))}`,
                value(control),
                value(treatment),
                difference.status === 'ok'
                    ? `${formatChange(unit, difference.value, currency)} (${formatChangeInterval(unit, difference, currency)})`
                    : (whyMissing(difference) ?? ''),
                difference.status === 'ok' ? formatP(difference.pValue) : '-',
            ];
        }),
    );
    return [
        ...section(
            'The same goals, read otherwise',
            ['goal', 'reading', 'change', 'p', 'spread removed', 'how'],
            others,
        ),
        ...section('Quantiles', ['value', 'quantile', 'control', 'treatment', 'change', 'p'], quantiles),
    ];
}

function section(title: string, heads: readonly string[], rows: readonly (readonly string[])[]): string[] {
    return rows.length === 0 ? [] : ['', `## ${title}`, '', ...markdownTable(heads, rows)];
}
