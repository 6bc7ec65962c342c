import type { Markup } from '../markup.ts';
import { html } from '../markup.ts';

/** The values at the left and right edge of a chart. */
export interface Scale {
    readonly min: number;
    readonly max: number;
}

interface Range {
    readonly low: number;
    readonly high: number;
}

/** One row of an interval chart; what is `null` is not drawn. */
export interface IntervalBar {
    /** The row in words with its numbers: what a reader without the picture gets. */
    readonly description: string;
    readonly estimate: number | null;
    readonly inner: Range | null;
    /** The wider interval drawn as wings behind the inner one. */
    readonly wings: Range | null;
    /** A limit that must not be crossed, drawn dashed. */
    readonly margin: number | null;
    /** The pooled estimate of all rows, drawn dotted. */
    readonly reference: number | null;
    /** A second, hollow mark: the shrunken estimate of a segment. */
    readonly shrunken: number | null;
}

const HEIGHT = 30;
const MIDDLE = HEIGHT / 2;

/**
 * A scale that holds zero, every estimate, inner interval and limit, within `bounds`; wings around an inner interval
 * may be cut, they are drawn with an arrow then.
 */
export function scaleOf(bars: readonly IntervalBar[], bounds: Scale): Scale {
    const inner = bars.flatMap((bar) => {
        const range = bar.inner ?? bar.wings;
        return [range?.low, range?.high, bar.estimate, bar.margin, bar.reference];
    });
    const values = [0, ...inner.filter((value) => typeof value === 'number')];
    const min = Math.max(bounds.min, Math.min(...values));
    const max = Math.min(bounds.max, Math.max(...values));
    if (max <= min) return { min: -1, max: 1 };
    const pad = (max - min) * 0.12;
    return { min: min - pad, max: max + pad };
}

/** Round values of a scale, zero among them, three to six. */
export function ticksOf(scale: Scale): number[] {
    const rough = (scale.max - scale.min) / 4;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
    const ticks: number[] = [];
    for (let index = Math.ceil(scale.min / step); index * step <= scale.max; index += 1) ticks.push(index * step);
    return ticks;
}

/** The picture of one row: as wide as its cell, all places in percent, so no script is needed to fit it. */
export function drawIntervalBar(bar: IntervalBar, scale: Scale): Markup {
    const at = (value: number) => `${position(value, scale).toFixed(2)}%`;
    return html`<svg class="bar" role="img" aria-label="${bar.description}" width="100%" height="${HEIGHT}"><title>${bar.description}</title>
${rule('zero', 0, at, scale)}${rule('reference', bar.reference, at, scale)}${rule('margin', bar.margin, at, scale)}
${drawRange('wings', bar.wings, scale)}${drawRange('inner', bar.inner, scale)}
${bar.shrunken === null || !isInside(bar.shrunken, scale) ? null : html`<circle class="shrunken" cx="${at(bar.shrunken)}" cy="${MIDDLE}" r="5"/>`}
${bar.estimate === null || !isInside(bar.estimate, scale) ? null : html`<circle class="dot" cx="${at(bar.estimate)}" cy="${MIDDLE}" r="4"/>`}</svg>`;
}

/** The axis above a column of bars, as text placed at its ticks; those at an edge stay inside. */
export function drawAxis(scale: Scale, format: (value: number) => string): Markup {
    const ticks = ticksOf(scale).map((tick) => {
        const left = position(tick, scale);
        const edge = left < 8 ? ' class="first"' : left > 92 ? ' class="last"' : '';
        return html`<span${{ markup: edge }} style="left:${left.toFixed(2)}%">${format(tick)}</span>`;
    });
    return html`<div class="axis" aria-hidden="true">${ticks}</div>`;
}

/** A tick of an axis of relative changes; they need no decimals. */
export function formatTick(lift: number): string {
    const percent = Math.round(lift * 1000) / 10;
    return percent === 0 ? '0' : `${percent > 0 ? '+' : '\u2212'}${Math.abs(percent)}%`;
}

function drawRange(name: string, range: Range | null, scale: Scale): Markup | null {
    if (range === null) return null;
    if (range.high < scale.min) return arrow(name, 'left');
    if (range.low > scale.max) return arrow(name, 'right');
    const [left, right] = [position(range.low, scale), position(range.high, scale)];
    const line = html`<line class="${name}" x1="${left.toFixed(2)}%" x2="${right.toFixed(2)}%" y1="${MIDDLE}" y2="${MIDDLE}"/>`;
    return html`${line}${range.low < scale.min ? arrow(name, 'left') : null}${range.high > scale.max ? arrow(name, 'right') : null}`;
}

/** Says that an interval goes on past the edge, or lies there. */
function arrow(name: string, side: 'left' | 'right'): Markup {
    const [x, path] = side === 'left' ? ['0%', 'M7 -5L0 0L7 5'] : ['100%', 'M-7 -5L0 0L-7 5'];
    return html`<svg x="${x}" y="${MIDDLE}" overflow="visible"><path class="${name} arrow" d="${path}"/></svg>`;
}

function rule(name: string, value: number | null, at: (value: number) => string, scale: Scale): Markup | null {
    if (value === null || !isInside(value, scale)) return null;
    return html`<line class="${name}" x1="${at(value)}" x2="${at(value)}" y1="0" y2="${HEIGHT}"/>`;
}

function position(value: number, scale: Scale): number {
    const share = (value - scale.min) / (scale.max - scale.min);
    return Math.min(1, Math.max(0, share)) * 100;
}

function isInside(value: number, scale: Scale): boolean {
    return value >= scale.min && value <= scale.max;
}
