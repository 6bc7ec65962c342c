import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createDatabase, type Session } from '#adapters/duckdb/database.ts';

const database = createDatabase({ temporary: await mkdtemp(join(tmpdir(), 'cartlake-database-')), threads: 3 });
afterAll(() => database.close());

const threads = async (session: Session) => {
    const [row] = await session.rows("select current_setting('threads') as threads");
    return row?.threads;
};

describe('sessions of DuckDB', () => {
    it('have all threads alone, and one each beside others: waiting threads would look for work all the time', async () => {
        const inTurn = [
            database.session(threads),
            database.beside(threads),
            database.beside(threads),
            database.session(threads),
            database.beside(threads),
        ];
        expect(await Promise.all(inTurn)).toEqual([3, 1, 1, 3, 1]);
    });

    it('go on beside one that is alone, one at a time, where they read little', async () => {
        let end = () => {};
        const alone = database.session(() => new Promise<void>((resolve) => (end = resolve)));
        expect(await database.aside(threads)).toBe(3);
        let next = () => {};
        const log: string[] = [];
        const first = database.aside(() => new Promise<void>((resolve) => (next = resolve)).then(() => log.push('a')));
        const second = database.aside(async () => log.push('b'));
        await new Promise((later) => setTimeout(later, 50));
        expect(log).toEqual([]);
        next();
        await Promise.all([first, second]);
        expect(log).toEqual(['a', 'b']);
        end();
        await alone;
    });

    it('goes on after a session that failed', async () => {
        await expect(database.beside((session) => session.run('select nothing'))).rejects.toThrow(/nothing/);
        expect(await database.session(threads)).toBe(3);
    });
});
