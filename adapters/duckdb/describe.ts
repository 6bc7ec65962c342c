import type { Statement } from '#core/build/ports.ts';
import { coerceError, DataError } from '#core/errors.ts';
import type { Column } from '#core/types.ts';
import { renderMarked } from '../sql/rendered.ts';
import { portableColumns } from './column-types.ts';
import type { Database } from './database.ts';
import { relationText } from './relation.ts';

/**
 * The columns of a statement's result, without reading a row: its relations stand as empty ones of the same columns.
 * Throws DataError when the statement cannot be computed.
 */
export async function describeStatement(database: Database, statement: Statement): Promise<Column[]> {
    const { read, fill } = renderMarked(statement);
    const sql = fill(new Map([...read].map(([mark, { input }]) => [mark, relationText(input, [])])));
    return database.session(async (session) => {
        const described = await session.rows(`describe ${sql}`).catch((thrown: unknown) => {
            const error = coerceError(thrown);
            throw new DataError(`The statement cannot be computed: ${error.message}`, { cause: error });
        });
        return portableColumns(described);
    });
}
