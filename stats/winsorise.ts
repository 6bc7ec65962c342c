import { ascending, quantile } from './quantile.ts';
import { type Computed, computed } from './result.ts';

export interface WinsoriseOptions {
    /** The quantile that becomes the cap: 0.999, or 0.99 for revenue. */
    readonly quantile: number;
    /** Take the quantile of the values other than zero: most visitors buy nothing. */
    readonly ignoreZeros?: boolean;
}

export type CapResult = Computed<{ readonly cap: number }> | { readonly status: 'insufficient_n' | 'invalid_input' };

/** One metric's cap, from the values of all arms together: a cap per arm would remove part of the effect. */
export function winsoriseCap(valuesOfAllArms: Iterable<number>, options: WinsoriseOptions): CapResult {
    if (!(options.quantile > 0 && options.quantile <= 1)) return { status: 'invalid_input' };
    const values = ascending(valuesOfAllArms).filter((value) => !(options.ignoreZeros && value === 0));
    if (values.length === 0) return { status: 'insufficient_n' };
    return computed({ cap: quantile(values, options.quantile) });
}

/** Values with everything above the cap lowered to it, and how many were. */
export function winsorise(
    values: readonly number[],
    cap: number,
): { readonly values: readonly number[]; readonly capped: number } {
    return {
        values: values.map((value) => Math.min(value, cap)),
        capped: values.reduce((count, value) => (value > cap ? count + 1 : count), 0),
    };
}
