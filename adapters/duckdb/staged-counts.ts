import type { StageRequest, StageResult } from '#core/ingest/ports.ts';
import type { Session } from './database.ts';
import { identifier, literal } from './text.ts';

/** The single number a statement returns: a count, or the rows a COPY wrote. */
export async function number(session: Session, sql: string): Promise<number> {
    const [row] = await session.rows(sql);
    return Number(Object.values(row ?? {})[0] ?? 0);
}

/** Rows by reason in a file of rejected rows. */
export async function reasonCounts(session: Session, path: string): Promise<Record<string, number>> {
    const rows = await session.rows(
        `select reason, count(*) as rows from (select unnest(reasons) as reason from read_parquet(${literal(path)})) group by reason order by reason`,
    );
    return Object.fromEntries(rows.map((row) => [String(row.reason), Number(row.rows)]));
}

/** A date or a timestamp as the text of an instant. */
export function instantText(value: string): string {
    return `strftime(cast(${value} as timestamp), '%Y-%m-%dT%H:%M:%S.%gZ')`;
}

/** How the rows of a file of accepted rows spread over dates. */
export async function dateSpread(
    session: Session,
    { contract }: Pick<StageRequest, 'contract'>,
    accepted: number,
    path: string,
): Promise<Pick<StageResult, 'dates' | 'newest'>> {
    if (contract.dateColumn === undefined || accepted === 0) return { dates: {}, newest: undefined };
    const column = identifier(contract.dateColumn);
    const rows = await session.rows(
        // Texts are made of days, of which there are few, not of rows.
        `select cast(day as varchar) as day, rows, ${instantText('newest')} as newest from (` +
            `select cast(${column} as date) as day, count(*) as rows, max(${column}) as newest ` +
            `from read_parquet(${literal(path)}) group by 1) order by 1`,
    );
    return {
        dates: Object.fromEntries(rows.map((row) => [String(row.day), Number(row.rows)])),
        newest: rows.length ? String(rows.at(-1)?.newest) : undefined,
    };
}
