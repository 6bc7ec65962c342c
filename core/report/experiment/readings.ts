import type { ExperimentAnalysis, GoalComparison, IntervalKind } from '../../experiment/document.ts';
import { formatChange, formatChangeInterval, formatLift, formatP, formatShare } from '../../experiment/format.ts';
import type { GoalReadings, Reading, ReadingKind } from '../../experiment/readings/document.ts';
import type { Markup } from '../markup.ts';
import { html } from '../markup.ts';
import { LIFT_BOUNDS, pHead, plotCell } from './comparison-cells.ts';
import { icon } from './icon.ts';
import type { IntervalBar, Scale } from './interval-bar.ts';
import { drawAxis, formatTick, scaleOf } from './interval-bar.ts';
import { whyMissing } from './words.ts';

const KINDS: Readonly<Record<ReadingKind, string>> = {
    raw: 'As it is',
    cuped: 'With what was known before (CUPED)',
    post_stratified: 'Weighted by segment',
    winsorised: 'Large values capped',
};

/** The name of a reading. */
export function readingWords(kind: ReadingKind): string {
    return KINDS[kind];
}

/** Every goal in its other readings, folded: a goal whose answer depends on the method is open. */
export function renderReadings(analysis: ExperimentAnalysis): Markup | null {
    const groups = analysis.readings.filter(({ readings }) => readings.length > 1);
    if (groups.length === 0) return null;
    return html`<h3>The same goals, read otherwise</h3>
<p class="note">The table above decides. These readings should tell the same story; one that turns the sign says that the answer hangs on the method.</p>
${groups.map((group) => renderGroup(group, analysis))}`;
}

function renderGroup({ metric, variant, readings }: GoalReadings, { plan, intervals }: ExperimentAnalysis): Markup {
    const bars = readings.map((reading) => barOf(reading, metric.label, intervals.kind));
    const scale = scaleOf(bars, LIFT_BOUNDS);
    const isDivided = readings.some(({ flags }) => flags.length > 0);
    const summary = `${metric.label}, ${variant}: ${readings.length} readings${isDivided ? ', one of them turns the sign' : ''}`;
    const body = html`<summary>${isDivided ? icon('caution') : null} ${summary}</summary>
<table role="table"><caption>${`Change of ${metric.label.toLowerCase()} in every reading.`}</caption>
<thead><tr role="row"><th scope="col">Reading</th><th scope="col" class="num">Change</th><th scope="col" class="num">Relative change</th><th scope="col" class="plot">Relative change, drawn${drawAxis(scale, formatTick)}</th><th scope="col" class="num">${pHead(intervals.kind)}</th><th scope="col" class="num">Spread removed</th></tr></thead>
<tbody>${readings.map((reading, index) => renderReading(reading, bars[index]!, scale, metric, plan.currency))}</tbody></table>`;
    return isDivided
        ? html`<details class="fold" open>${body}</details>`
        : html`<details class="fold">${body}</details>`;
}

function renderReading(
    reading: Reading,
    bar: IntervalBar,
    scale: Scale,
    { unit }: GoalReadings['metric'],
    currency: string | null,
): Markup {
    const { kind, outcome, varianceReduction, note, flags } = reading;
    const badge = flags.includes('sign_flip')
        ? html`<span class="verdict caution">${icon('caution')} Sign turns</span>`
        : null;
    const head = html`<th scope="row" role="rowheader">${readingWords(kind)}<span>${note}</span>${badge}</th>`;
    if (outcome.status !== 'ok') {
        return html`<tr role="row">${head}<td class="why" role="cell" colspan="5" data-label="Result"><span>${whyMissing(outcome)}</span></td></tr>`;
    }
    const { difference, lift, pValue } = outcome;
    const relative =
        lift.status === 'ok'
            ? html`<td class="num" role="cell" data-label="Relative change"><span>${formatLift(lift.value)}</span></td>`
            : html`<td class="why" role="cell" data-label="Relative change"><span>${whyMissing(lift)}</span></td>`;
    return html`<tr role="row">${head}
<td class="num" role="cell" data-label="Change"><span>${formatChange(unit, difference.value, currency)}<span class="sub">${formatChangeInterval(unit, difference, currency)}</span></span></td>
${relative}${plotCell(bar, scale, drawAxis(scale, formatTick))}
<td class="num" role="cell" data-label="p"><span>${formatP(pValue)}</span></td>
<td class="num" role="cell" data-label="Spread removed"><span>${varianceReduction === null ? '\u2013' : formatReduction(varianceReduction)}</span></td></tr>`;
}

function formatReduction(share: number): string {
    return share < 0 ? `\u2212${formatShare(-share)}` : formatShare(share);
}

function barOf({ kind, outcome }: Reading, label: string, intervals: IntervalKind): IntervalBar {
    const lift = outcome.status === 'ok' ? outcome.lift : outcome;
    const words = lift.status === 'ok' ? `relative change ${formatLift(lift.value)}` : whyMissing(lift);
    return {
        description: `${label}, ${KINDS[kind]}: ${words}`,
        estimate: lift.status === 'ok' ? lift.value : null,
        inner: intervals === 'fixed' && lift.status === 'ok' ? lift : null,
        wings: intervals === 'anytime' && lift.status === 'ok' ? lift : null,
        margin: null,
        reference: null,
        shrunken: null,
    };
}

/** Chance to win and expected loss of one goal, as lines of a cell. */
export function chanceLines(analysis: ExperimentAnalysis, goal: GoalComparison): readonly string[] {
    const found = analysis.chances.find(
        ({ metric, variant }) => metric.name === goal.metric.name && variant === goal.treatment.variant,
    );
    if (found?.outcome.status !== 'ok') return [];
    const { chanceToWin, lossIfShipped } = found.outcome;
    const loss = formatChange(goal.metric.unit, -lossIfShipped, analysis.plan.currency);
    // Two decimals of nearly nothing would read as nothing.
    const words = /[1-9]/.test(loss) ? loss : `below ${loss.replace('0.00', '0.01')}`;
    // No finite sample makes it certain.
    const chance = formatShare(Math.min(1 - 1e-6, Math.max(1e-6, chanceToWin)));
    return [chance, `expected loss ${words} a user if shipped`];
}
