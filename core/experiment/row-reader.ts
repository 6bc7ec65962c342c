import { DataError } from '../errors.ts';

/** A row as an engine hands it over. */
export type RawRow = Readonly<Record<string, unknown>>;

/** Reads the columns of one row; each throws DataError naming the mart, row and column that cannot be read. */
export interface RowReader {
    number(column: string): number;
    numberOrNull(column: string): number | null;
    text(column: string): string;
    /** A user without a country is a segment of its own, not a reason to lose the report. */
    textOrUnknown(column: string): string;
}

/** Engines hand counts over as number, bigint or decimal text; all three are read as numbers. */
export function rowReader(mart: string, row: RawRow, index: number): RowReader {
    const refuse = (column: string, expected: string): never => {
        throw new DataError(
            `${mart} row ${index + 1}: expected ${expected} in ${column}, found ${describe(row[column])}; ` +
                'rebuild the mart and look at its checks',
        );
    };
    const numberOrNull = (column: string): number | null => {
        const value = row[column];
        if (value === null || value === undefined) return null;
        const read = typeof value === 'string' && value.trim() === '' ? Number.NaN : Number(value);
        return Number.isFinite(read) ? read : refuse(column, 'a finite number');
    };
    return {
        numberOrNull,
        number: (column) => numberOrNull(column) ?? refuse(column, 'a number'),
        text: (column) => {
            const value = row[column];
            return typeof value === 'string' ? value : refuse(column, 'text');
        },
        textOrUnknown: (column) => {
            const value = row[column] ?? 'unknown';
            return typeof value === 'string' ? value : refuse(column, 'text');
        },
    };
}

function describe(value: unknown): string {
    if (value === null || value === undefined) return 'nothing';
    return `${typeof value} ${JSON.stringify(String(value))}`;
}
