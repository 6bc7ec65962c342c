import type { CsvRows } from '../publish/publisher.ts';

/** Files of rows that are written in turn, while those written before are read. */
export interface WrittenAhead {
    /** Writes when its turn has come; the rows wait for it. They fail as the writing does, or one before it. */
    rows(write: () => Promise<unknown>, read: () => CsvRows): CsvRows;
    /** Writes no more, and resolves when nothing is being written. */
    end(): Promise<void>;
}

export function writeAhead(): WrittenAhead {
    let turn: Promise<unknown> = Promise.resolve();
    let isOver = false;
    return {
        rows(write, read) {
            const written = turn.then(() => (isOver ? undefined : write()));
            turn = written;
            // Whoever reads the rows hears of it; nobody may.
            written.catch(() => undefined);
            return readAfter(written, read);
        },
        async end() {
            isOver = true;
            await turn.catch(() => undefined);
        },
    };
}

async function* readAfter(written: Promise<unknown>, read: () => CsvRows): CsvRows {
    await written;
    yield* read();
}
