import type { BuildRequest } from '#core/build/ports.ts';
import type { Column } from '#core/types.ts';
import { castList } from '../duckdb/column-types.ts';
import { rangeCondition } from '../duckdb/relation.ts';
import { identifier, literal } from '../duckdb/text.ts';

/** Column that UNLOAD makes folders of: a date, and not part of the files. */
export const PART = '_part';

/** Most dates one UNLOAD may write to: Athena's limit on partitions of a query. */
export const DATES_PER_QUERY = 100;

/** Writes the rows of a statement below `uri`, which must hold nothing yet; by date, a folder a date. */
export function unloadText(
    sql: string,
    columns: readonly Column[],
    byDate: BuildRequest['byDate'],
    uri: string,
): string {
    const part = byDate ? `, cast(${identifier(byDate.column)} as varchar) as ${PART}` : '';
    const kept = byDate ? ` where ${rangeCondition(byDate.column, byDate.ranges)}` : '';
    const by = byDate ? `, partitioned_by = array['${PART}']` : '';
    return (
        `unload (select ${castList(columns)}${part} from (${sql}) as computed${kept}) ` +
        `to ${literal(`${uri}/`)} with (format = 'PARQUET', compression = 'SNAPPY'${by})`
    );
}

/**
 * Counts the rows of each part of a table and sums up the MD5 of their texts as four numbers of 32 bits: equal rows
 * give equal sums in any order and in any number of files, and sums of many bits do not meet by chance. Trino's own
 * `checksum(row(..))` is linear in the columns: two rows that swap a value would not change it.
 */
export function measureText(relation: string, columns: readonly Column[], dateColumn: string | undefined): string {
    const part = dateColumn === undefined ? "'all'" : `cast(${identifier(dateColumn)} as varchar)`;
    const sums = [1, 9, 17, 25].map(
        (start, index) => `sum(from_base(substr(digest, ${start}, 8), 16)) as sum_${index + 1}`,
    );
    return (
        `select part, count(*) as count_rows, ${sums.join(', ')} from (` +
        `select ${part} as part, to_hex(md5(to_utf8(${rowText(columns)}))) as digest from ${relation} as built` +
        ') as digests group by part'
    );
}

/** A text that differs where rows differ: each value after its length, null as a dash. */
function rowText(columns: readonly Column[]): string {
    const texts = columns.map(({ name, type }) => {
        const value = type === 'varchar' ? identifier(name) : `cast(${identifier(name)} as varchar)`;
        return `coalesce(cast(length(${value}) as varchar) || ':' || ${value}, '-')`;
    });
    return texts.join(' || ');
}
