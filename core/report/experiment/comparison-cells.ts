import type { Comparison, IntervalKind } from '../../experiment/document.ts';
import type { Currency } from '../../experiment/format.ts';
import {
    formatChange,
    formatChangeInterval,
    formatLevel,
    formatLift,
    formatLiftInterval,
    formatP,
} from '../../experiment/format.ts';
import { shownOf } from '../../experiment/shown.ts';
import type { Markup } from '../markup.ts';
import { html } from '../markup.ts';
import type { IntervalBar, Scale } from './interval-bar.ts';
import { drawIntervalBar } from './interval-bar.ts';
import { basisWords, valueWords, whyMissing } from './words.ts';

/** Relative changes beyond these are cut from pictures; the numbers beside them are whole. */
export const LIFT_BOUNDS: Scale = { min: -1, max: 1.5 };

/** Guardrails are about a few percent: a wider picture would hide the margin. */
export const GUARDRAIL_BOUNDS: Scale = { min: -0.3, max: 0.3 };

/** An arm's value above what it was computed from. */
export function armCell(comparison: Comparison, side: 'control' | 'treatment', currency: Currency): Markup {
    const arm = comparison[side];
    return html`<td class="num" role="cell" data-label="${arm.variant}"><span>${valueWords(comparison.metric, arm, currency)}<span class="sub basis">${basisWords(comparison.metric, arm)}</span></span></td>`;
}

/** The change in the metric's own unit with its interval, or why there is none; `more` stands below. */
export function changeCell(
    comparison: Comparison,
    kind: IntervalKind,
    currency: Currency,
    more: string | null = null,
): Markup {
    const { metric } = comparison;
    const { difference } = shownOf(comparison, kind);
    if (difference.status !== 'ok')
        return html`<td class="why" role="cell" data-label="Change"><span>${whyMissing(difference)}</span></td>`;
    return html`<td class="num" role="cell" data-label="Change"><span>${formatChange(metric.unit, difference.value, currency)}<span class="sub">${formatChangeInterval(metric.unit, difference, currency)}</span>${more === null ? null : html`<span class="sub">${more}</span>`}</span></td>`;
}

/** The relative change with its interval, or why there is none, with `instead` below. */
export function liftCell(comparison: Comparison, kind: IntervalKind, instead: Markup | null = null): Markup {
    const { lift } = shownOf(comparison, kind);
    if (lift.status !== 'ok')
        return html`<td class="why" role="cell" data-label="Relative change"><span>${whyMissing(lift)}${instead}</span></td>`;
    return html`<td class="num" role="cell" data-label="Relative change"><span>${formatLift(lift.value)}<span class="sub">${formatLiftInterval(lift)}</span></span></td>`;
}

/**
 * The bar of a comparison's relative change; `extra` adds a margin, a reference or a shrunken mark. The inner bar is the
 * fixed interval: before the planned size only the wings are drawn.
 */
export function liftBar(
    comparison: Comparison,
    kind: IntervalKind,
    name: string,
    extra: Partial<IntervalBar> = {},
): IntervalBar {
    const { anytimeLift } = comparison;
    const { lift } = shownOf(comparison, kind);
    return {
        description: describeLift(comparison, kind, name),
        estimate: lift.status === 'ok' ? lift.value : null,
        inner: kind === 'fixed' && lift.status === 'ok' ? lift : null,
        wings: anytimeLift.status === 'ok' ? anytimeLift : null,
        margin: null,
        reference: null,
        shrunken: null,
        ...extra,
    };
}

/**
 * A bar in its table cell; a row that cannot be drawn says so. The axis stands in the head of the column, and on a
 * phone, where there is no head, below each bar.
 */
export function plotCell(
    bar: IntervalBar,
    scale: Scale,
    axis: Markup,
    label: 'Relative change, drawn' | 'Change, drawn' = 'Relative change, drawn',
): Markup {
    const picture =
        bar.estimate === null
            ? html`<span class="note">Cannot be drawn.</span>`
            : html`${drawIntervalBar(bar, scale)}${axis}`;
    return html`<td class="plot" role="cell" data-label="${label}">${picture}</td>`;
}

/** The p-value that may be read now, or why there is none. */
export function pCell(comparison: Comparison, kind: IntervalKind): Markup {
    const { test } = shownOf(comparison, kind);
    return html`<td class="num" role="cell" data-label="${pHead(kind)}"><span title="${whyMissing(test) ?? ''}">${test.status === 'ok' ? formatP(test.pValue) : '\u2013'}</span></td>`;
}

/** What the head of a column of p-values says. */
export function pHead(kind: IntervalKind): string {
    return kind === 'fixed' ? 'p' : 'p, any time';
}

/** What interval stands in the small print of a table. */
export function intervalWords({ kind, alpha }: { readonly kind: IntervalKind; readonly alpha: number }): string {
    return kind === 'fixed'
        ? `${formatLevel(alpha)} interval`
        : `${formatLevel(alpha)} any-time interval (right at any number of looks)`;
}

function describeLift(comparison: Comparison, kind: IntervalKind, name: string): string {
    const { lift } = shownOf(comparison, kind);
    const { anytimeLift } = comparison;
    if (lift.status !== 'ok') return `${name}: ${whyMissing(lift)}`;
    const wings =
        kind === 'fixed' && anytimeLift.status === 'ok' ? `; valid at any time ${formatLiftInterval(anytimeLift)}` : '';
    const word = kind === 'fixed' ? 'interval' : 'any-time interval';
    return `${name}: relative change ${formatLift(lift.value)}, ${word} ${formatLiftInterval(lift)}${wings}`;
}
