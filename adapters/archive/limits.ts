/** What an archive may hold; more is an accident or an attack. Sizes in bytes. */
export interface ArchiveLimits {
    /** Archives within each other, the landed one included. */
    readonly depth: number;
    /** Files in all archives together. */
    readonly entries: number;
    /** Inflated bytes in all archives together, inner archives included. */
    readonly totalBytes: number;
    /** Inflated bytes of one file. */
    readonly partBytes: number;
    /** How many times its size in the archive a file may inflate to. Text deflates to a fifth or a thirtieth. */
    readonly ratio: number;
    /** Files and archives that inflate to no more than this are not held to the ratio: a short file of blanks is no bomb. */
    readonly ratioFrom: number;
}

/** Limits that hold everywhere; a place with less room lowers `totalBytes`. */
export const ARCHIVE_LIMITS: ArchiveLimits = {
    depth: 4,
    entries: 100_000,
    totalBytes: 100e9,
    partBytes: 20e9,
    ratio: 250,
    ratioFrom: 16e6,
};
