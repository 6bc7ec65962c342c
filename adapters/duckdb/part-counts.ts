import { PipelineError } from '#core/errors.ts';
import type { Session } from './database.ts';
import { identifier, literal } from './text.ts';

/** What stands of a part in Parquet files. */
export interface PartCount {
    readonly rows: number;
    /** How many fields of the columns that were asked for are not null. */
    readonly values: number;
}

/** Rows of each part in Parquet files and what is in some of their columns, by the part's URI. */
export async function countsByPart(
    session: Session,
    written: readonly string[],
    columns: readonly string[] = [],
): Promise<Map<string, PartCount>> {
    if (written.length === 0) return new Map();
    const files = `[${written.map(literal).join(', ')}]`;
    const values = columns.map((name) => `count(${identifier(name)})`).join(' + ') || '0';
    const rows = await session.rows(
        `select _source_uri as uri, count(*) as rows, ${values} as filled ` +
            `from read_parquet(${files}, union_by_name = true) group by _source_uri`,
    );
    return new Map(
        rows.map(({ uri, rows: count, filled }) => [String(uri), { rows: Number(count), values: Number(filled) }]),
    );
}

/** Asserts for every part: rows read = accepted + rejected. */
export function requireEachCounted(
    expected: ReadonlyMap<string, number>,
    found: ReadonlyMap<string, Pick<PartCount, 'rows'>>,
): void {
    for (const [uri, count] of expected) {
        if ((found.get(uri)?.rows ?? 0) === count) continue;
        throw new PipelineError(
            `Rows of ${uri} do not add up: read ${count}, accepted and rejected ${found.get(uri)?.rows ?? 0}. ` +
                'Nothing was registered; please report this file.',
        );
    }
}
