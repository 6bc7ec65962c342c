/** |actual / expected - 1|; 0 when both are exactly zero. */
export function relativeError(actual: number, expected: number): number {
    return actual === expected ? 0 : Math.abs(actual / expected - 1);
}
