import { PipelineError } from '#core/errors.ts';
import type { Session } from './database.ts';
import { literals } from './text.ts';

/** What stands of a part in Parquet files. */
export interface PartCount {
    readonly rows: number;
    /** The highest number of a row. */
    readonly last: number;
}

/** Rows of each part in Parquet files, by the part's URI. */
export async function countsByPart(session: Session, written: readonly string[]): Promise<Map<string, PartCount>> {
    if (written.length === 0) return new Map();
    const rows = await session.rows(
        'select _source_uri as uri, count(*) as rows, max(_source_row) as last ' +
            `from read_parquet(${literals(written)}, union_by_name = true) group by _source_uri`,
    );
    return new Map(
        rows.map(({ uri, rows: count, last }) => [String(uri), { rows: Number(count), last: Number(last) }]),
    );
}

/** Asserts for every part, and for all together: rows read = accepted + rejected, of which `written` were written. */
export function requireEachCounted(
    expected: ReadonlyMap<string, number>,
    found: ReadonlyMap<string, Pick<PartCount, 'rows'>>,
    written: number,
): void {
    for (const [uri, count] of expected) requireEqual(uri, count, found.get(uri)?.rows ?? 0);
    requireEqual(
        'all parts',
        [...expected.values()].reduce((sum, rows) => sum + rows, 0),
        written,
    );
}

function requireEqual(what: string, read: number, written: number): void {
    if (read === written) return;
    throw new PipelineError(
        `Rows of ${what} do not add up: read ${read}, accepted and rejected ${written}. ` +
            'Nothing was registered; please report this file.',
    );
}
