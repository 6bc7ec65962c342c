import { DataError } from '#core/errors.ts';
import type { Column, ColumnType } from '#core/types.ts';
import { identifier } from './text.ts';

/** DuckDB's types that mean one of the portable types; narrower ones are widened. */
function portable(type: string): ColumnType | undefined {
    if (/^(TINYINT|SMALLINT|INTEGER|BIGINT|UTINYINT|USMALLINT|UINTEGER|UBIGINT|HUGEINT|UHUGEINT)$/.test(type))
        return 'bigint';
    if (/^(FLOAT|DOUBLE)$/.test(type)) return 'double';
    if (/^DECIMAL\(\d+,[0-2]\)$/.test(type)) return 'decimal(18,2)';
    if (/^TIMESTAMP(_MS|_S|_NS)?$/.test(type)) return 'timestamp';
    if (type === 'BOOLEAN') return 'boolean';
    if (type === 'DATE') return 'date';
    if (type === 'VARCHAR') return 'varchar';
    return undefined;
}

/** The portable columns of a DESCRIBE result. Throws DataError for a type that not every engine has. */
export function portableColumns(described: readonly Readonly<Record<string, unknown>>[]): Column[] {
    return described.map((row) => {
        const name = String(row.column_name);
        const type = portable(String(row.column_type));
        if (!type) {
            throw new DataError(
                `Column ${name} has type ${row.column_type}. Expected bigint, double, decimal(18,2), boolean, varchar, date or timestamp: cast it in the model.`,
            );
        }
        return { name, type };
    });
}

/** A select list that brings columns to exactly their portable types. */
export function castList(columns: readonly Column[]): string {
    return columns.map(({ name, type }) => `cast(${identifier(name)} as ${type}) as ${identifier(name)}`).join(', ');
}
