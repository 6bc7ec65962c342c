import type { IsoDate } from '../types.ts';

const DAY = 86_400_000;

/** The number of a day, counted from 1970. */
export function dayOf(date: IsoDate): number {
    return Date.parse(date) / DAY;
}

/** The date some days later (or earlier). */
export function addDays(date: IsoDate, days: number): IsoDate {
    if (days === 0) return date;
    return new Date(Date.parse(date) + days * DAY).toISOString().slice(0, 10);
}

/** Both ends included. */
export interface DateRange {
    readonly from: IsoDate;
    readonly to: IsoDate;
}

/** The fewest ranges that cover some dates, each widened by some days before and after. */
export function rangesOf(dates: readonly IsoDate[], before: number | 'all', after: number): DateRange[] {
    const ranges: { from: IsoDate; to: IsoDate }[] = [];
    for (const date of [...dates].sort()) {
        const from = before === 'all' ? '0001-01-01' : addDays(date, -before);
        const to = addDays(date, after);
        const last = ranges.at(-1);
        if (last && from <= addDays(last.to, 1)) last.to = to > last.to ? to : last.to;
        else ranges.push({ from, to });
    }
    return ranges;
}

export function isWithin(date: IsoDate, ranges: readonly DateRange[]): boolean {
    return ranges.some(({ from, to }) => from <= date && date <= to);
}
