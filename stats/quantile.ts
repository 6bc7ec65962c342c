/**
 * The p-quantile of values in ascending order (at least one), interpolated as R's default, type 7
 * (Hyndman & Fan, Am. Stat. 50, 1996). p below 0 or above 1 gives the ends.
 */
export function quantile(ascending: ArrayLike<number>, p: number): number {
    const position = Math.min(1, Math.max(0, p)) * (ascending.length - 1);
    const below = Math.floor(position);
    const low = ascending[below]!;
    const high = ascending[Math.min(below + 1, ascending.length - 1)]!;
    return low + (position - below) * (high - low);
}

/** A copy in ascending order. */
export function ascending(values: Iterable<number>): Float64Array {
    return Float64Array.from(values).sort();
}
