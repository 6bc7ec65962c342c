import pg from 'pg';

/**
 * Preloaded into a process of a test (`node --import`): the first CARTLAKE_STALLED_COPIES times that rows are copied
 * into PostgreSQL, the server waits for the first row and none comes, until the connection ends. The product knows
 * nothing of this.
 */
let left = Number(process.env.CARTLAKE_STALLED_COPIES ?? 0);

type Copy = { text?: string; _write(chunk: unknown, encoding: string, done: () => void): void };
const client = pg.Client.prototype as unknown as { query: (...args: unknown[]) => unknown };
const query = client.query;
client.query = function (this: unknown, ...args: unknown[]) {
    const copy = args[0] as Copy;
    if (/^copy/.test(copy.text ?? '') && left > 0) {
        left -= 1;
        copy._write = () => undefined;
    }
    return query.apply(this, args);
};
