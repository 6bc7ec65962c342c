import type { ColumnInfo, Row } from '@aws-sdk/client-athena';
import type { DataRow } from '#core/build/ports.ts';

/** Rows of a page of results as engines give them: numbers where exact, decimals and instants as text. */
export function dataRows(columns: readonly ColumnInfo[], rows: readonly Row[]): DataRow[] {
    return rows.map(({ Data = [] }) =>
        Object.fromEntries(
            columns.map(({ Name = '', Type = '' }, index) => [Name, jsonValue(Type, Data[index]?.VarCharValue)]),
        ),
    );
}

function jsonValue(type: string, text: string | undefined): unknown {
    if (text === undefined) return null;
    switch (type) {
        case 'bigint':
        case 'integer':
        case 'smallint':
        case 'tinyint':
            return Number.isSafeInteger(Number(text)) ? Number(text) : text;
        case 'double':
        case 'float':
            return Number.isFinite(Number(text)) ? Number(text) : text;
        case 'boolean':
            return text === 'true';
        case 'timestamp':
            // As DuckDB writes it: without zeros behind the seconds.
            return text.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '');
        default:
            return text;
    }
}
