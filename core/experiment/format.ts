import { inThousands } from '../thousands.ts';
import type { Estimate } from './document.ts';
import type { MetricUnit } from './metrics.ts';

/** How money is written: an ISO 4217 code such as `EUR`, or nothing when the shop did not say. */
export type Currency = string | null;

const MINUS = '\u2212';

/** A whole number with thousands separated: 12,345. */
export function formatCount(count: number): string {
    return decimals(count, 0);
}

/** A value of a metric with its unit: `4.24%`, `12.30 EUR`, `312 s`, `8.42`. */
export function formatValue(unit: MetricUnit, value: number, currency: Currency = null): string {
    switch (unit) {
        case 'share':
            return `${decimals(value * 100, 2)}%`;
        case 'money':
            return withCurrency(decimals(value, 2), currency);
        case 'seconds':
            return `${decimals(value, Math.abs(value) < 100 ? 1 : 0)} s`;
        case 'count':
            return decimals(value, 2);
    }
}

/** A change with its sign and unit; shares change in percentage points: `+0.63 pp`. */
export function formatChange(unit: MetricUnit, change: number, currency: Currency = null): string {
    return `${signed(change, digitsOf(unit), scaleOf(unit))}${suffixOf(unit, currency)}`;
}

/** A tick of an axis of changes, with no more decimals than it needs: `+5 pp`, `0`. */
export function formatChangeTick(unit: MetricUnit, tick: number, currency: Currency = null): string {
    const scaled = Number((tick * scaleOf(unit)).toPrecision(6));
    if (scaled === 0) return '0';
    return `${scaled > 0 ? '+' : MINUS}${Math.abs(scaled)}${suffixOf(unit, currency)}`;
}

/** A rough number of users, to two digits: `about 160,000`. */
export function formatAbout(count: number): string {
    return `about ${formatCount(Number(count.toPrecision(2)))}`;
}

/** Both ends of an interval of a change, the unit once: `−2.06 to +3.33 pp`. */
export function formatChangeInterval(unit: MetricUnit, interval: Estimate, currency: Currency = null): string {
    const [digits, scale] = [digitsOf(unit), scaleOf(unit)];
    return `${signed(interval.low, digits, scale)} to ${signed(interval.high, digits, scale)}${suffixOf(unit, currency)}`;
}

/** A relative change with one decimal: `+14.9%`. */
export function formatLift(lift: number): string {
    return `${signed(lift, 1, 100)}%`;
}

/** Both ends of an interval of a relative change: `−40.2% to +81.0%`. */
export function formatLiftInterval(interval: { readonly low: number; readonly high: number }): string {
    return `${formatLift(interval.low)} to ${formatLift(interval.high)}`;
}

/** A share as a percentage: `7.9%`; never rounded to 0 or 100 when it is not. */
export function formatShare(share: number): string {
    if (share > 0 && share < 0.0005) return '<0.1%';
    if (share < 1 && share > 0.9995) return '>99.9%';
    return `${decimals(share * 100, 1)}%`;
}

/** A p-value with two significant digits: `0.65`, `0.0031`, `<0.0001`. */
export function formatP(p: number): string {
    if (p < 0.0001) return '<0.0001';
    if (p > 0.995) return p > 0.9995 ? '1' : '>0.99';
    const digits = Math.min(6, Math.max(2, 1 - Math.floor(Math.log10(p))));
    return p.toFixed(digits);
}

/** A p-value with four decimals, for people who compare with their own: `0.6463`, `<0.0001`. */
export function formatPrecise(p: number): string {
    return p < 0.0001 ? '<0.0001' : p.toFixed(4);
}

/** `p 0.65`, and `p <0.0001` without a sign in between reading twice. */
export function formatPWithName(p: number): string {
    return `p ${formatP(p)}`;
}

/** A confidence level: `95%`. */
export function formatLevel(alpha: number): string {
    return `${Number(((1 - alpha) * 100).toFixed(2))}%`;
}

const FORMATTERS = new Map<number, Intl.NumberFormat>();

/** Making one costs more than using it a hundred times. */
function formatter(digits: number): Intl.NumberFormat {
    const known = FORMATTERS.get(digits);
    if (known !== undefined) return known;
    const made = new Intl.NumberFormat('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
    FORMATTERS.set(digits, made);
    return made;
}

function decimals(value: number, digits: number): string {
    const isWhole = digits === 0 && Number.isSafeInteger(value);
    const text = isWhole ? inThousands(String(value)) : formatter(digits).format(value);
    return text.replace('-', MINUS).replace(/^\u2212([0.,]+)$/, '$1');
}

function signed(value: number, digits: number, scale: number): string {
    const text = decimals(value * scale, digits);
    const isZero = !/[1-9]/.test(text);
    return isZero || text.startsWith(MINUS) ? text : `+${text}`;
}

function digitsOf(unit: MetricUnit): number {
    return unit === 'seconds' ? 1 : 2;
}

function scaleOf(unit: MetricUnit): number {
    return unit === 'share' ? 100 : 1;
}

function suffixOf(unit: MetricUnit, currency: Currency): string {
    if (unit === 'share') return ' pp';
    if (unit === 'seconds') return ' s';
    return unit === 'money' && currency !== null ? ` ${currency}` : '';
}

function withCurrency(amount: string, currency: Currency): string {
    return currency === null ? amount : `${amount} ${currency}`;
}
