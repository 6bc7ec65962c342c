import { createHash } from 'node:crypto';
import { UsageError } from '../errors.ts';
import type { Correction } from '../ingest/ports.ts';
import type { LedgerEntry } from '../ledger/entry.ts';
import type { IngestContext } from '../pipeline.ts';
import { replay } from '../replay/replay.ts';

/** Columns of an exported row that say which row it is; all others are its fields. */
export const ORIGIN_COLUMNS = ['_object', '_source_uri', '_source_row', '_reasons', '_raw'] as const;

/** A row of an edited export, values as text. */
export type EditedRow = Readonly<Record<string, string | null | undefined>>;

/**
 * What edited rows say, by object; rows that were not edited are left out. A field that was not touched keeps the value it came with, also where a text cannot
 * tell (a nested object, a number of JSON).
 *
 * @throws UsageError when a row does not say where it stands
 */
export function correctionsOf(rows: readonly EditedRow[]): Map<string, Correction[]> {
    const byObject = new Map<string, Correction[]>();
    for (const [index, row] of rows.entries()) {
        const { _object: object, _source_uri: sourceUri, _source_row: number } = row;
        if (!object || !sourceUri || !/^[1-9]\d*$/.test(number ?? '')) {
            throw new UsageError(
                `Row ${index + 1} of the file does not say which row it corrects: expected _object, _source_uri and _source_row ` +
                    'as cartlake quarantine export writes them. Export the rows and edit the other columns.',
            );
        }
        const fields = editedFields(row);
        if (fields === undefined) continue;
        const corrections = byObject.get(object) ?? [];
        corrections.push({ sourceUri, row: Number(number), fields });
        byObject.set(object, corrections);
    }
    return byObject;
}

/** All fields of a row that was edited; undefined for one that is as it was exported. */
function editedFields(row: EditedRow): Record<string, unknown> | undefined {
    const fields = objectIn(row._raw) ?? {};
    const origin: readonly string[] = ORIGIN_COLUMNS;
    const edited = Object.entries(row).filter(
        ([name, text]) => !origin.includes(name) && (text ?? null) !== textOf(fields[name]),
    );
    if (edited.length === 0) return undefined;
    return { ...fields, ...Object.fromEntries(edited.map(([name, text]) => [name, text ?? null])) };
}

/** The fields of a record that could be cut into some. */
function objectIn(raw: string | null | undefined): Record<string, unknown> | undefined {
    try {
        const parsed: unknown = JSON.parse(raw ?? '');
        const isObject = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
        return isObject ? { ...parsed } : undefined;
    } catch {
        return undefined;
    }
}

function textOf(value: unknown): string | null {
    if (value === null || value === undefined) return null;
    return typeof value === 'string' ? value : JSON.stringify(value);
}

type CorrectContext = Pick<IngestContext, 'blobs' | 'contracts' | 'ledger' | 'executions'>;

/**
 * Keeps corrections of an object's rejected rows and has them judged by an ingest execution. They hold for every later
 * reading of the object too. The same corrections again change nothing.
 *
 * @throws UsageError when the object has no rows in quarantine or no contract any more
 */
export async function correct(
    context: CorrectContext,
    entry: LedgerEntry,
    corrections: readonly Correction[],
): Promise<{ started: boolean }> {
    if (entry.staged === undefined || entry.state === 'rejected') {
        throw new UsageError(`${entry.object.key} has no rows in quarantine. What has: cartlake quarantine`);
    }
    if (corrections.length === 0) return { started: false };
    const text = corrections.map((correction) => JSON.stringify(correction)).join('\n');
    const hash = createHash('sha256').update(text).digest('hex').slice(0, 16);
    const key = `quarantine/${entry.dataset}/${entry.id}/corrections/${hash}.ndjson`;
    await context.blobs.putText(key, text);
    const known = await context.ledger.addCorrections(entry.id, key);
    // Given before and judged: nothing to do. Given before and not judged (the process died): now it is.
    if (known.staged?.redriven?.corrections.includes(key)) return { started: false };
    await replay(context, known);
    return { started: true };
}
