import type { DataRow, Statement, TableEngine } from '../build/ports.ts';
import { UsageError } from '../errors.ts';
import type { LedgerEntry, StagedParts } from '../ledger/entry.ts';
import { fileNameOf } from '../ledger/entry.ts';

/** The rejected rows of one object. */
export interface QuarantinedObject {
    readonly id: string;
    readonly dataset: string;
    readonly file: string;
    readonly rejected: number;
    readonly read: number;
    /** Rejected rows by reason (`price_paid: not_money`); a row can have several. */
    readonly reasons: Readonly<Record<string, number>>;
    /** Of an archive: the files in it, some of which could not be read. */
    readonly parts: StagedParts | undefined;
}

/** One rejected row. */
export interface QuarantinedRow {
    /** Number of the record in its file, from 1, the heading not counted. */
    readonly row: number;
    readonly reasons: readonly string[];
    /** The record as it came: its line, or its fields as JSON. */
    readonly raw: string;
}

/** Objects with rejected rows, and archives with rejected parts; those rejected as a whole have neither. */
export function quarantinedObjects(entries: readonly LedgerEntry[]): QuarantinedObject[] {
    return entries.flatMap((entry) => {
        const { staged, state } = entry;
        if (!staged || state === 'rejected') return [];
        const hasBadParts = staged.parts !== undefined && staged.parts.rejected > 0;
        if (staged.rows.rejected === 0 && !hasBadParts) return [];
        return {
            id: entry.id,
            dataset: entry.dataset,
            file: fileNameOf(entry),
            rejected: staged.rows.rejected,
            read: staged.rows.read,
            reasons: staged.reasons,
            parts: hasBadParts ? staged.parts : undefined,
        };
    });
}

/** The blob with the rejected rows of an object. Throws UsageError when it has none. */
export function quarantineFile(entry: LedgerEntry): string {
    const file = entry.state === 'rejected' ? undefined : entry.staged?.quarantine;
    if (file !== undefined) return file;
    throw new UsageError(`${entry.object.key} has no rows in quarantine. What has: cartlake quarantine`);
}

function quarantineStatement(entry: LedgerEntry, select: string, limit: number): Statement {
    const rows = {
        kind: 'files',
        files: [quarantineFile(entry)],
        uniform: true,
        columns: [],
        narrow: undefined,
    } as const;
    return {
        inputs: new Map([['rows', rows]]),
        render: (bind) => `select ${select} from ${bind('rows')} as quarantined order by _source_row limit ${limit}`,
    };
}

/** The first rejected rows of an object. */
export async function quarantinedRows(
    engine: Pick<TableEngine, 'rows'>,
    entry: LedgerEntry,
    limit: number,
): Promise<QuarantinedRow[]> {
    const rows = await engine.rows(quarantineStatement(entry, '_source_row, reasons, raw', limit));
    return rows.map((row: DataRow) => ({
        row: Number(row._source_row),
        reasons: (row.reasons as unknown[]).map(String),
        raw: String(row.raw ?? ''),
    }));
}
