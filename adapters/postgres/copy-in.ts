import { once } from 'node:events';
import type pg from 'pg';
import { from } from 'pg-copy-streams';
import { coerceError, PipelineError } from '#core/errors.ts';
import type { CsvRows } from '#core/publish/publisher.ts';

/** Tells a fault of the rows' source (a file, a query) from one of the database. */
async function* fromSource(rows: CsvRows, target: string): CsvRows {
    try {
        yield* rows;
    } catch (thrown) {
        if (thrown instanceof PipelineError) throw thrown;
        const error = coerceError(thrown);
        throw new PipelineError(`The rows for ${target} could not be read to their end: ${error.message}`, {
            cause: error,
        });
    }
}

/**
 * Streams CSV rows into a table and returns how many arrived.
 *
 * After an error the connection is in the middle of a COPY; end it rather than send it more statements.
 * Errors of `rows` come out as pipeline errors. `stream.pipeline` is not used: when the server dies it waits for the
 * answer to a CopyFail that nobody receives.
 *
 * @param target table with its column list, quoted
 */
export async function copyIn(client: pg.Client, target: string, rows: CsvRows): Promise<number> {
    const copy = client.query(from(`copy ${target} from stdin (format csv)`));
    let failure: Error | undefined;
    copy.on('error', (error) => {
        failure = error;
    });
    for await (const chunk of fromSource(rows, target)) {
        if (failure) throw failure;
        // `once` rejects when the stream emits `error` instead.
        if (!copy.write(chunk)) await once(copy, 'drain');
    }
    if (failure) throw failure;
    const finished = once(copy, 'finish');
    copy.end();
    await finished;
    return copy.rowCount;
}
