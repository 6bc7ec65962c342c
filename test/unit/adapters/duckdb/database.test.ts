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

    it('go on beside one that is alone, two at a time, where they read little', async () => {
        let end = () => {};
        const alone = database.session(() => new Promise<void>((resolve) => (end = resolve)));
        const first = database.aside(threads);
        expect(await first).toBe(3);
        const log: string[] = [];
        const asides = ['a', 'b', 'c'].map((name) => {
            let done = () => {};
            const work = () => new Promise<void>((resolve) => (done = resolve)).then(() => log.push(`${name} ends`));
            const session = database.aside(async () => {
                log.push(`${name} begins`);
                await work();
            });
            return { session, end: () => done() };
        });
        const later = () => new Promise((resolve) => setTimeout(resolve, 50));
        await later();
        expect(log).toEqual(['a begins', 'b begins']);
        asides[0]?.end();
        await later();
        expect(log).toEqual(['a begins', 'b begins', 'a ends', 'c begins']);
        for (const { end: finish } of asides) finish();
        end();
        await Promise.all([alone, ...asides.map(({ session }) => session)]);
    });

    it('goes on after a session that failed', async () => {
        await expect(database.beside((session) => session.run('select nothing'))).rejects.toThrow(/nothing/);
        expect(await database.session(threads)).toBe(3);
    });
});
