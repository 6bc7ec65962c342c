import type { DateRange } from '#core/build/dates.ts';
import { addDays } from '#core/build/dates.ts';
import type { BoundInput } from '#core/build/ports.ts';
import type { Column } from '#core/types.ts';
import { identifier, literal, literals } from './text.ts';

/** SQL text of a bound input whose files lie at `paths` on this machine. It can stand after `from`. */
export function relationText(input: BoundInput, paths: readonly string[]): string {
    if (input.kind === 'values') return valuesText(input.columns, input.rows);
    if (paths.length === 0) return emptyText(input.columns);
    const union = input.uniform ? '' : ', union_by_name = true';
    const scan = `select * from read_parquet(${literals(paths)}${union}, hive_partitioning = false)`;
    return input.narrow ? `(${scan} where ${rangeCondition(input.narrow.column, input.narrow.ranges)})` : `(${scan})`;
}

/** A condition that Parquet statistics can answer: half-open ranges instead of a cast of the column. */
export function rangeCondition(column: string, ranges: readonly DateRange[]): string {
    const name = identifier(column);
    const conditions = ranges.map(
        ({ from, to }) => `(${name} >= date ${literal(from)} and ${name} < date ${literal(addDays(to, 1))})`,
    );
    return conditions.length ? `(${conditions.join(' or ')})` : 'false';
}

function valuesText(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
    if (rows.length === 0) return emptyText(columns);
    const selects = rows.map((row) => {
        const values = columns.map(
            ({ name, type }, index) =>
                `cast(${literal(textOf(type, row[index] ?? ''))} as ${type}) as ${identifier(name)}`,
        );
        return `select ${values.join(', ')}`;
    });
    return `(${selects.join(' union all ')})`;
}

function textOf(type: Column['type'], text: string): string {
    return type === 'timestamp' ? text.replace('T', ' ').replace('Z', '') : text;
}

function emptyText(columns: readonly Column[]): string {
    const names = columns.map(({ name, type }) => `cast(null as ${type}) as ${identifier(name)}`);
    return `(select ${names.join(', ') || 'null as nothing'} where false)`;
}
