import type { Comparison } from '../../experiment/document.ts';
import type { Currency } from '../../experiment/format.ts';
import { formatChange, formatChangeInterval, formatLift, formatLiftInterval } from '../../experiment/format.ts';
import type { IntervalBar, Scale } from './interval-bar.ts';
import { drawIntervalBar } from './interval-bar.ts';
import type { Markup } from './markup.ts';
import { html } from './markup.ts';
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
export function changeCell(comparison: Comparison, currency: Currency, more: string | null = null): Markup {
    const { difference, metric } = comparison;
    if (difference.status !== 'ok')
        return html`<td class="why" role="cell" data-label="Change"><span>${whyMissing(difference)}</span></td>`;
    return html`<td class="num" role="cell" data-label="Change"><span>${formatChange(metric.unit, difference.value, currency)}<span class="sub">${formatChangeInterval(metric.unit, difference, currency)}</span>${more === null ? null : html`<span class="sub">${more}</span>`}</span></td>`;
}

/** The relative change with its interval, or why there is none. */
export function liftCell(comparison: Comparison): Markup {
    const { lift } = comparison;
    if (lift.status !== 'ok')
        return html`<td class="why" role="cell" data-label="Relative change"><span>${whyMissing(lift)}</span></td>`;
    return html`<td class="num" role="cell" data-label="Relative change"><span>${formatLift(lift.value)}<span class="sub">${formatLiftInterval(lift)}</span></span></td>`;
}

/** The bar of a comparison's relative change; `extra` adds a margin, a reference or a shrunken mark. */
export function liftBar(comparison: Comparison, name: string, extra: Partial<IntervalBar> = {}): IntervalBar {
    const { lift, anytimeLift } = comparison;
    return {
        description: describeLift(comparison, name),
        estimate: lift.status === 'ok' ? lift.value : null,
        inner: lift.status === 'ok' ? lift : null,
        wings: anytimeLift.status === 'ok' ? anytimeLift : null,
        margin: null,
        reference: null,
        shrunken: null,
        ...extra,
    };
}

/** A bar in its table cell; a row that cannot be drawn says so. */
export function plotCell(bar: IntervalBar, scale: Scale): Markup {
    const missing = bar.inner === null;
    return html`<td class="plot" role="cell" data-label="Relative change, drawn">${missing ? html`<span class="note">Cannot be drawn.</span>` : drawIntervalBar(bar, scale)}</td>`;
}

function describeLift(comparison: Comparison, name: string): string {
    const { lift, anytimeLift } = comparison;
    if (lift.status !== 'ok') return `${name}: ${whyMissing(lift)}`;
    const wings = anytimeLift.status === 'ok' ? `; valid at any time ${formatLiftInterval(anytimeLift)}` : '';
    return `${name}: relative change ${formatLift(lift.value)}, interval ${formatLiftInterval(lift)}${wings}`;
}
