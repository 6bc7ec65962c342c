import type { IsoDate } from '../../types.ts';

const DAY_MS = 86_400_000;

/** A week as ISO 8601 counts them: from Monday on, in the year that has most of its days. */
export interface IsoWeek {
    readonly year: number;
    readonly week: number;
    /** Its seven days, Monday first. */
    readonly days: readonly IsoDate[];
}

/** The week `index` weeks after the one of a date. */
export function isoWeek(startDate: IsoDate, index: number): IsoWeek {
    const start = Date.parse(`${startDate}T00:00:00Z`);
    const sinceMonday = (new Date(start).getUTCDay() + 6) % 7;
    const monday = start + (index * 7 - sinceMonday) * DAY_MS;
    // The week belongs to the year of its Thursday.
    const thursday = monday + 3 * DAY_MS;
    const year = new Date(thursday).getUTCFullYear();
    const week = 1 + Math.floor((thursday - Date.UTC(year, 0, 1)) / (7 * DAY_MS));
    const days = Array.from({ length: 7 }, (_, day) => new Date(monday + day * DAY_MS).toISOString().slice(0, 10));
    return { year, week, days };
}
