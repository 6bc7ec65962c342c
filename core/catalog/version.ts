import { createHash } from 'node:crypto';
import type { Column, IsoDate, IsoInstant } from '../types.ts';

/** The one part of a table that is not stored by date. */
export const WHOLE = 'all';

/** An immutable part of a table version: a date of a by_date model, or the whole table. */
export interface TablePart {
    /** Blob key; undefined when the part has no rows. */
    readonly file: string | undefined;
    /** Blob keys of further files, from an engine that writes a part in several. */
    readonly furtherFiles?: readonly string[];
    readonly rows: number;
    /** Of all files. */
    readonly bytes: number;
    /** Equal rows give equal hashes, as long as the same engine writes them. */
    readonly hash: string;
    /** Fingerprint of everything the part was computed from. */
    readonly inputs: string;
}

/**
 * The rows of all dates up to one, once more, in a file or a few: opening a file costs more than reading a few rows, and
 * there may be thousands of dates. The parts remain what a table consists of.
 */
export interface TablePack {
    /** Blob key. */
    readonly file: string;
    /** Blob keys of the files with the dates after those of the first, where it was written in several. */
    readonly furtherFiles?: readonly string[];
    readonly until: IsoDate;
    /** Hash of the dates and their parts' hashes. */
    readonly of: string;
}

/** One state of a model's table. Immutable; pointers name it by `id`. */
export interface TableVersion {
    readonly id: string;
    /** Hash of columns and rows only: equal for versions that readers cannot tell apart. */
    readonly content: string;
    readonly model: string;
    readonly run: string;
    /** Version that was current when it was built, null for a first one; it may only take that one's place. */
    readonly base?: string | null;
    /** When the call began that computed it, and the versions of the tables it read; missing in versions of before. */
    readonly startedAt?: IsoInstant;
    readonly tablesRead?: Readonly<Record<string, string>>;
    readonly builtAt: IsoInstant;
    readonly columns: readonly Column[];
    readonly parts: Readonly<Record<IsoDate | typeof WHOLE, TablePart>>;
    readonly pack?: TablePack;
    readonly rows: number;
    readonly bytes: number;
}

/** Blob keys of everything a part or a pack consists of. */
export function filesOf({ file, furtherFiles = [] }: Pick<TablePart, 'file' | 'furtherFiles'>): readonly string[] {
    return file === undefined ? [] : [file, ...furtherFiles];
}

/**
 * Blob keys of the files that have the rows of the parts asked for, and no others. The pack stands for its dates where
 * all of them are asked for.
 */
export function filesToRead(
    { parts, pack }: Pick<TableVersion, 'parts' | 'pack'>,
    isAsked: (part: string) => boolean = () => true,
): string[] {
    const packed: string[] = [];
    const files: string[] = [];
    let isPackAsked = pack !== undefined;
    for (const [name, part] of Object.entries(parts)) {
        const isPacked = pack !== undefined && part.rows > 0 && name <= pack.until;
        if (isAsked(name)) (isPacked ? packed : files).push(...filesOf(part));
        else if (isPacked) isPackAsked = false;
    }
    return [...(pack && isPackAsked ? filesOf(pack) : packed), ...files];
}

/** Completes a version: totals, and the hashes that name it. Parts come out sorted by name. */
export function sealVersion(
    draft: Pick<TableVersion, 'model' | 'run' | 'base' | 'builtAt' | 'columns' | 'parts' | 'pack'>,
): TableVersion {
    const entries = Object.entries(draft.parts).sort(([a], [b]) => (a < b ? -1 : 1));
    const content = createHash('sha256').update(JSON.stringify(draft.columns));
    const whole = createHash('sha256');
    for (const [name, part] of entries) {
        if (part.rows > 0) content.update(`${name} ${part.hash}\n`);
        whole.update(`${name} ${part.hash} ${part.inputs}\n`);
    }
    const contentHash = content.digest('hex').slice(0, 32);
    return {
        ...draft,
        id: whole.update(contentHash).digest('hex').slice(0, 32),
        content: contentHash,
        parts: Object.fromEntries(entries),
        rows: entries.reduce((sum, [, part]) => sum + part.rows, 0),
        bytes: entries.reduce((sum, [, part]) => sum + part.bytes, 0),
    };
}
