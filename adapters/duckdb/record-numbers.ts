import { brokenRecords } from './csv-end.ts';

/** Rows that share one entry of the table of shifts: few enough that a search in the entry is short. */
const BLOCK = 256;

/**
 * Makes the temporary table `shifts`, which tells how many broken records stand before a good one. One entry for each
 * block of good records up to the `last`: `earlier` broken ones before all of them, and inside the block, after
 * `befores[i]` good records, `shifts[i]` in all. `rejects` is DuckDB's table of broken records, `heading` the number of
 * lines before the first record.
 */
export function shiftsSql({ rejects, heading }: { rejects: string; heading: 0 | 1 }, last: number): string {
    return `create or replace temp table shifts as
        with broken as (
            select line - ${heading} - row_number() over (order by line) as before from (select distinct line from ${brokenRecords(rejects)})
        ),
        steps as (
            select before, cast(sum(count(*)) over (order by before) as bigint) as shift from broken group by before
        ),
        uneven as (
            select before // ${BLOCK} as block, list(before order by before) as befores,
                list(shift order by before) as shifts, max(shift) as latest
            from steps group by block
        )
        select block, befores, shifts,
            coalesce(max(latest) over (order by block rows between unbounded preceding and 1 preceding), 0) as earlier
        from (select unnest(range(0, ${last} // ${BLOCK} + 1)) as block) left join uneven using (block)`;
}

/**
 * Rows with their `record`, the number that counts broken records too, from rows with `n`, the number that counts
 * good ones only. A join on blocks streams through the rows; a join on ranges would sort them.
 */
export function shiftedRows(rows: string): string {
    return (
        '(select placed.*, n + coalesce(shifts[len(list_filter(befores, lambda before: before < n))], earlier) as record ' +
        `from ${rows} as placed join shifts on n // ${BLOCK} = block)`
    );
}
