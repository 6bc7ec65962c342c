import { PipelineError } from '#core/errors.ts';
import type { StagePartsRequest, StageResult } from '#core/ingest/ports.ts';
import type { Session } from './database.ts';
import { identifier, literals } from './text.ts';

/** What stands of a part in Parquet files. */
export interface PartCount {
    readonly rows: number;
}

/** Rows of each part in Parquet files, by the part's URI. */
export async function countsByPart(session: Session, written: readonly string[]): Promise<Map<string, PartCount>> {
    if (written.length === 0) return new Map();
    const rows = await session.rows(
        'select _source_uri as uri, count(*) as rows ' +
            `from read_parquet(${literals(written)}, union_by_name = true) group by _source_uri`,
    );
    return new Map(rows.map(({ uri, rows: count }) => [String(uri), { rows: Number(count) }]));
}

/** How the rows of a file spread over parts, with the highest number of a row in each, and over dates. */
export async function partSpread(
    session: Session,
    { contract }: Pick<StagePartsRequest, 'contract'>,
    path: string,
): Promise<Pick<StageResult, 'dates' | 'newest'> & { parts: Map<string, PartCount & { last: number }> }> {
    const date = contract.dateColumn === undefined ? 'cast(null as timestamp)' : identifier(contract.dateColumn);
    const rows = await session.rows(
        `select uri, cast(day as varchar) as day, rows, last, strftime(newest, '%Y-%m-%dT%H:%M:%S.%gZ') as newest from (` +
            `select _source_uri as uri, cast(${date} as date) as day, count(*) as rows, max(_source_row) as last, ` +
            `cast(max(${date}) as timestamp) as newest from read_parquet(${literals([path])}) group by 1, 2) order by day`,
    );
    const parts = new Map<string, PartCount & { last: number }>();
    const dates: Record<string, number> = {};
    let latest: string | undefined;
    for (const { uri, day, rows: count, last, newest } of rows) {
        const part = parts.get(String(uri)) ?? { rows: 0, last: 0 };
        parts.set(String(uri), { rows: part.rows + Number(count), last: Math.max(part.last, Number(last)) });
        if (day === null) continue;
        dates[String(day)] = (dates[String(day)] ?? 0) + Number(count);
        if (latest === undefined || String(newest) > latest) latest = String(newest);
    }
    return { parts, dates, newest: latest };
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
