import type { IsoInstant } from '../types.ts';

/**
 * How far a published table can be trusted, in one letter:
 *
 * - `A`: every check passed, and at least 999 of 1,000 rows its datasets read were accepted
 * - `B`: every check passed, and at least 99 of 100
 * - `C`: a check warned, or at least 95 of 100
 * - `D`: less, or nothing is known of its checks, or the last build could not bring it up to date
 *
 * Checks that halt are none of its: a version that fails one is never published, and the one before it is behind.
 */
export type Grade = 'A' | 'B' | 'C' | 'D';

/** Freshness and completeness of one published version. */
export interface MartQuality {
    /** When its rows were computed. */
    readonly asOf: IsoInstant;
    /** Newest instant of the datasets it is computed from; undefined where none has a date column, or it is behind. */
    readonly watermark: IsoInstant | undefined;
    /** Rows of the files of these datasets. `read = accepted + rejected`. */
    readonly read: number;
    readonly accepted: number;
    /** Undefined where nothing is known of them. */
    readonly checks: { readonly passed: number; readonly warned: readonly string[] } | undefined;
    /** Models the last build halted at: the table itself, or what it is computed from. */
    readonly behind: readonly string[];
    readonly grade: Grade;
}

/** Gives what was measured its grade. Tables that read no file (yet) are judged by their checks alone. */
export function graded(measured: Omit<MartQuality, 'grade'>): MartQuality {
    return { ...measured, grade: gradeOf(measured) };
}

function gradeOf({ read, accepted, checks, behind }: Omit<MartQuality, 'grade'>): Grade {
    const share = read === 0 ? 1 : accepted / read;
    if (checks === undefined || behind.length > 0 || share < 0.95) return 'D';
    if (checks.warned.length > 0 || share < 0.99) return 'C';
    return share < 0.999 ? 'B' : 'A';
}
