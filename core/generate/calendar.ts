import type { IsoDate } from '../types.ts';

export const SECONDS_A_DAY = 86_400;

const TWO_DIGITS = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'));

/** Texts of the days and instants of a shop, whose times are seconds since the start of its first day (UTC). */
export interface Calendar {
    /** `2024-01-31` for day 30. */
    day(day: number): IsoDate;
    /** `2024-01-31 08:05:00` */
    instant(second: number): string;
}

/** A calendar that starts at a date. Texts of days are made once: making them for every event is half of its cost. */
export function calendarFrom(startDate: IsoDate): Calendar {
    const start = Date.parse(`${startDate}T00:00:00Z`);
    const texts: string[] = [];
    const day = (number: number): IsoDate => {
        texts[number] ??= new Date(start + number * SECONDS_A_DAY * 1000).toISOString().slice(0, 10);
        return texts[number];
    };
    return {
        day,
        instant(second) {
            const number = Math.floor(second / SECONDS_A_DAY);
            const rest = second - number * SECONDS_A_DAY;
            const hour = Math.floor(rest / 3600);
            const minute = Math.floor(rest / 60) - hour * 60;
            return `${day(number)} ${TWO_DIGITS[hour]}:${TWO_DIGITS[minute]}:${TWO_DIGITS[rest % 60]}`;
        },
    };
}
