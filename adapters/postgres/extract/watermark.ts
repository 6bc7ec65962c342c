import pg from 'pg';
import type { ContractSource } from '#core/contracts/source.ts';
import { UsageError } from '#core/errors.ts';
import type { SourceColumns } from './columns.ts';

const TIMES = ['timestamp without time zone', 'timestamp with time zone', 'date'];
const NUMBERS = ['smallint', 'integer', 'bigint', 'numeric'];

/** The column whose growth shows what is new. */
export interface Watermark {
    /** Quoted. */
    readonly column: string;
    /** The condition for rows beyond a value, those of the overlap included. */
    beyond(value: string): string;
}

/**
 * The watermark of an incremental source. Rows can become visible later than rows with greater values, so times are
 * read again from `overlapSeconds` before the value; rows that come twice have one key.
 *
 * @throws UsageError when the column is missing or of a type that does not grow
 */
export function watermarkOf(
    { watermarkColumn, overlapSeconds }: ContractSource,
    columns: SourceColumns,
    { relation, server }: { readonly relation: string; readonly server: string },
): Watermark {
    const name = watermarkColumn as string;
    const type = columns.get(name);
    if (type === undefined) {
        throw new UsageError(
            `${relation} at ${server} has no column ${name}, the watermark; it has ${[...columns.keys()].join(', ')}. Correct watermarkColumn.`,
        );
    }
    const column = pg.escapeIdentifier(name);
    if (NUMBERS.includes(type)) return { column, beyond: (value) => `${column} > ${pg.escapeLiteral(value)}::numeric` };
    if (TIMES.includes(type)) {
        return {
            column,
            beyond: (value) =>
                `${column} > ${pg.escapeLiteral(value)}::${type} - interval '${Math.floor(overlapSeconds)} seconds'`,
        };
    }
    throw new UsageError(
        `The watermark ${name} of ${relation} at ${server} is of type ${type}. Expected a timestamp, a date or a number that grows with every change.`,
    );
}
