/** The verdict that the numbers left the range of doubles, which only absurd inputs (1e200) can cause. */
export interface Overflow {
    readonly status: 'overflow';
}

/** What went through `computed`: values that are all finite, or none. */
export type Computed<T extends object> = ({ readonly status: 'ok' } & T) | Overflow;

/**
 * Closes a computation: every result of this folder passes here, so that none ever carries NaN or Infinity.
 * Looks into nested objects and arrays; `undefined` means "does not apply" and is allowed.
 */
export function computed<T extends object>(values: T): Computed<T> {
    return isFiniteThroughout(values) ? { status: 'ok', ...values } : { status: 'overflow' };
}

function isFiniteThroughout(value: unknown): boolean {
    if (typeof value === 'number') return Number.isFinite(value);
    if (typeof value !== 'object' || value === null) return true;
    return Object.values(value).every(isFiniteThroughout);
}

/** A whole number of things: 0, 1, 2 ... up to 2^53. */
export function isCount(n: number): boolean {
    return Number.isSafeInteger(n) && n >= 0;
}

/** A probability strictly between 0 and 1, as levels and powers must be. */
export function isLevel(p: number): boolean {
    return p > 0 && p < 1;
}
