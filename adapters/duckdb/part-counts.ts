import { PipelineError } from '#core/errors.ts';
import type { StageResult } from '#core/ingest/ports.ts';
import type { Session } from './database.ts';
import { instantText } from './staged-counts.ts';
import { identifier, literals } from './text.ts';

/** What stands of a part in Parquet files. */
export interface PartCount {
    readonly rows: number;
    /** The highest number of a row. */
    readonly last: number;
    /** The date of all its rows, and the newest instant; undefined where there are several, or none was asked for. */
    readonly on?: { readonly date: string; readonly newest: string } | undefined;
}

/** Rows of each part in Parquet files, by the part's URI; `dateColumn` is a column of all of them. */
export async function countsByPart(
    session: Session,
    written: readonly string[],
    dateColumn?: string,
): Promise<Map<string, PartCount>> {
    if (written.length === 0) return new Map();
    const column = dateColumn === undefined ? 'cast(null as timestamp)' : identifier(dateColumn);
    const rows = await session.rows(
        `select uri, rows, last, case when dated = rows and cast(oldest as date) = cast(newest as date) ` +
            `then cast(cast(oldest as date) as varchar) end as date, ${instantText('newest')} as newest from (` +
            'select _source_uri as uri, count(*) as rows, max(_source_row) as last, ' +
            `count(${column}) as dated, min(${column}) as oldest, max(${column}) as newest ` +
            `from read_parquet(${literals(written)}, union_by_name = true) group by _source_uri)`,
    );
    return new Map(
        rows.map(({ uri, rows: count, last, date, newest }) => [
            String(uri),
            {
                rows: Number(count),
                last: Number(last),
                on: date === null ? undefined : { date: String(date), newest: String(newest) },
            },
        ]),
    );
}

/** How the rows of parts spread over dates; undefined where not each part is of one date. */
export function spreadOfParts(counts: Iterable<PartCount>): Pick<StageResult, 'dates' | 'newest'> | undefined {
    const dates = new Map<string, number>();
    let newest = '';
    for (const { rows, on } of counts) {
        if (on === undefined) return undefined;
        dates.set(on.date, (dates.get(on.date) ?? 0) + rows);
        if (on.newest > newest) newest = on.newest;
    }
    return dates.size === 0 ? undefined : { dates: Object.fromEntries([...dates].sort()), newest };
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
