export type AdjustedResult =
    | { readonly status: 'ok'; readonly adjusted: readonly number[] }
    | { readonly status: 'invalid_input' };

/** Holm's step-down p values (Scand. J. Stat. 6, 1979): family-wise error control. In the order given. */
export function holm(pValues: readonly number[]): AdjustedResult {
    if (!pValues.every(isPValue)) return { status: 'invalid_input' };
    const adjusted = [...pValues];
    let running = 0;
    ascending(pValues).forEach((index, rank) => {
        running = Math.max(running, Math.min(1, pValues[index]! * (pValues.length - rank)));
        adjusted[index] = running;
    });
    return { status: 'ok', adjusted };
}

/** Benjamini and Hochberg's step-up p values (J. R. Stat. Soc. B 57, 1995): false discovery rate. In the order given. */
export function benjaminiHochberg(pValues: readonly number[]): AdjustedResult {
    if (!pValues.every(isPValue)) return { status: 'invalid_input' };
    const adjusted = [...pValues];
    let running = 1;
    ascending(pValues)
        .reverse()
        .forEach((index, fromTop) => {
            running = Math.min(running, pValues[index]! * (pValues.length / (pValues.length - fromTop)));
            adjusted[index] = running;
        });
    return { status: 'ok', adjusted };
}

/** The two-sided level at which intervals of a family of `m` are shown beside Holm's p values. */
export function bonferroniLevel(alpha: number, m: number): number {
    return alpha / Math.max(1, m);
}

/**
 * The level for the intervals of the `selected` results out of `m` beside Benjamini-Hochberg p values, so that the
 * expected share of intervals that miss stays below alpha (Benjamini & Yekutieli, J. Am. Stat. Assoc. 100, 2005).
 * With nothing selected it is the strictest level, that of one.
 */
export function falseCoverageLevel(alpha: number, selected: number, m: number): number {
    return (alpha * Math.max(1, selected)) / Math.max(1, m, selected);
}

function isPValue(p: number): boolean {
    return p >= 0 && p <= 1;
}

function ascending(pValues: readonly number[]): number[] {
    return pValues.map((_, index) => index).sort((a, b) => pValues[a]! - pValues[b]!);
}
