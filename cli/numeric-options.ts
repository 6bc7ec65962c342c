import { InvalidArgumentError, Option } from 'commander';
import { momentOf } from '#core/history/moment.ts';

/** A commander parser for whole numbers from `least` on. */
export function wholeNumber(what: string, least: number): (text: string) => number {
    return (text) => {
        const number = Number(text.replaceAll('_', ''));
        if (/^[\d_]+$/.test(text) && Number.isSafeInteger(number) && number >= least) return number;
        throw new InvalidArgumentError(`Expected a number of ${what}, at least ${least}.`);
    };
}

/** A commander parser for shares such as 0.1. */
export function decimalNumber(text: string): number {
    const number = Number(text);
    if (text.trim() !== '' && Number.isFinite(number)) return number;
    throw new InvalidArgumentError('Expected a number such as 0.1.');
}

/** A commander parser for dates. */
export function isoDate(text: string): string {
    const instant = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
    if (!Number.isNaN(instant) && new Date(instant).toISOString().startsWith(text)) return text;
    throw new InvalidArgumentError('Expected a date such as 2024-01-31.');
}

/** A commander parser for moments, in UTC where no zone is written; `2026-11-20` is its first one. */
export function moment(text: string): string {
    const instant = momentOf(text);
    if (instant !== undefined) return instant;
    throw new InvalidArgumentError('Expected a moment such as 2026-11-20 or 2026-11-20T10:00:00Z.');
}

const UNITS_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 24 * 3_600_000 };

/** A commander parser for spans such as `90s`, `30m`, `2h` and `1d`; gives milliseconds. */
export function timeSpan(text: string): number {
    const [, number, unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
    const span = Number(number) * (UNITS_MS[unit] ?? Number.NaN);
    if (span > 0) return span;
    throw new InvalidArgumentError('Expected a time such as 30m, 2h or 1d.');
}

/** How long a command waits for a deployed pipeline. */
export function patienceOption(): Option {
    return new Option('--patience <seconds>', 'how long to wait for a deployed pipeline (--target)')
        .argParser(wholeNumber('seconds', 1))
        .default(600);
}
