/** A closed interval; both ends are finite. */
export interface Interval {
    readonly lower: number;
    readonly upper: number;
}

/** Centre +- half width. */
export function intervalAround(centre: number, half: number): Interval {
    return { lower: centre - half, upper: centre + half };
}
