import type {
    DimensionAnalysis,
    ExperimentAnalysis,
    IntervalKind,
    SegmentRow,
    SegmentUse,
} from '../../experiment/document.ts';
import { formatChange, formatChangeTick, formatP } from '../../experiment/format.ts';
import { shownOf } from '../../experiment/shown.ts';
import type { Markup } from '../markup.ts';
import { html } from '../markup.ts';
import { armCell, changeCell, liftBar, plotCell } from './comparison-cells.ts';
import type { IntervalBar, Scale } from './interval-bar.ts';
import { drawAxis, scaleOf } from './interval-bar.ts';
import { legend, SEGMENT_ENTRIES } from './legend.ts';
import { whyMissing } from './words.ts';

const UNBOUNDED: Scale = { min: Number.NEGATIVE_INFINITY, max: Number.POSITIVE_INFINITY };

/** A forest plot a dimension: does the effect differ between kinds of users? */
export function renderSegments(analysis: ExperimentAnalysis): Markup | null {
    if (analysis.segments.length === 0) return null;
    return html`<section class="long" aria-labelledby="segments"><h2 id="segments">Segments</h2>
<p class="lead">Only the test of a difference between segments may claim one. "Significant here and not there" is no difference.${analysis.intervals.kind === 'anytime' ? ' Before the planned size that test is right for one look only.' : ''}</p>
${analysis.segments.map((dimension) => renderDimension(dimension, analysis))}
${legend(analysis.intervals, [SEGMENT_ENTRIES])}</section>`;
}

function renderDimension(dimension: DimensionAnalysis, analysis: ExperimentAnalysis): Markup {
    const used = dimension.rows.filter((row) => row.use !== 'too_few_units');
    const small = dimension.rows.filter((row) => row.use === 'too_few_units');
    const bars = used.map((row) => segmentBar(row, dimension, analysis.intervals.kind));
    const scale = scaleOf(bars, UNBOUNDED);
    const unit = dimension.metric.unit;
    const { currency } = analysis.plan;
    const axis = drawAxis(scale, (tick) => formatChangeTick(unit, tick, currency));
    return html`<h3>By ${dimension.label}: ${dimension.variant} against ${analysis.plan.control}</h3>
<p>${dimension.sentence}</p>
<table role="table"><caption>${`${dimension.metric.label}, change by segment. ${testWords(dimension)}`}</caption>
<thead><tr role="row"><th scope="col">Segment</th><th scope="col" class="num">Control</th><th scope="col" class="num">Treatment</th><th scope="col" class="num">Change</th>
<th scope="col" class="plot">Change, drawn${axis}</th></tr></thead>
<tbody>${used.map((row, index) => renderRow(row, bars[index]!, scale, axis, analysis))}</tbody></table>
${small.length === 0 ? null : html`<p class="note">Left out, fewer than ${String(analysis.plan.minimumSegmentUnits)} users in an arm: ${small.map((row) => `${row.segment} (${row.comparison.control.units} and ${row.comparison.treatment.units})`).join(', ')}.</p>`}`;
}

/** Numbers behind the sentence: how unlike the segments are. */
export function testWords({ interaction, crossover }: DimensionAnalysis): string {
    if (interaction.status !== 'ok') return '';
    const parts = [
        `Difference between segments: p ${formatP(interaction.pValue)} (adjusted for all dimensions ${formatP(interaction.adjustedPValue)}), ` +
            `Q ${interaction.statistic.toFixed(2)} on ${interaction.degreesOfFreedom} df, ` +
            `share of variation beyond chance (I\u00b2) ${(interaction.iSquared * 100).toFixed(0)}%.`,
    ];
    if (crossover.status === 'ok') parts.push(`Helps some, harms others: p ${formatP(crossover.pValue)}.`);
    return parts.join(' ');
}

function segmentBar(
    { segment, comparison, shrunken }: SegmentRow,
    dimension: DimensionAnalysis,
    kind: IntervalKind,
): IntervalBar {
    const { difference } = shownOf(comparison, kind);
    const name = `${dimension.label} ${segment}`;
    const change =
        difference.status === 'ok' ? formatChange(dimension.metric.unit, difference.value) : whyMissing(difference);
    return liftBar(comparison, kind, name, {
        description: `${name}: change ${change}`,
        estimate: difference.status === 'ok' ? difference.value : null,
        inner: kind === 'fixed' && difference.status === 'ok' ? difference : null,
        wings: kind === 'anytime' && difference.status === 'ok' ? difference : null,
        reference: dimension.pooled.status === 'ok' ? dimension.pooled.value : null,
        shrunken,
    });
}

const NOT_TESTED: Readonly<Record<SegmentUse, string | null>> = {
    tested: null,
    too_few_units: 'too few users to compare',
    too_few_conversions: 'too few outcomes for the test',
    no_result: 'nothing to test',
};

/** Why a segment takes no part in its dimension's test, or nothing. */
export function notTestedWords({ use }: SegmentRow): string | null {
    return NOT_TESTED[use];
}

function renderRow(
    row: SegmentRow,
    bar: IntervalBar,
    scale: Scale,
    axis: Markup,
    { intervals, plan: { currency } }: ExperimentAnalysis,
): Markup {
    return html`<tr role="row"><th scope="row" role="rowheader">${row.segment}${notTestedWords(row) === null ? null : html`<span>${notTestedWords(row)}</span>`}</th>
${armCell(row.comparison, 'control', currency)}${armCell(row.comparison, 'treatment', currency)}${changeCell(row.comparison, intervals.kind, currency)}
${plotCell(bar, scale, axis, 'Change, drawn')}</tr>`;
}
