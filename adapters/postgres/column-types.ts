import type { ColumnType } from '#core/types.ts';

/** PostgreSQL's type for each column type, spelled as `format_type()` spells it, so that the two compare. */
export const POSTGRES_TYPES: Readonly<Record<ColumnType, string>> = {
    bigint: 'bigint',
    double: 'double precision',
    boolean: 'boolean',
    varchar: 'text',
    date: 'date',
    timestamp: 'timestamp(3) without time zone',
    'decimal(18,2)': 'numeric(18,2)',
};
