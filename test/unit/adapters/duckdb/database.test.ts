import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createDatabase, type Session } from '#adapters/duckdb/database.ts';
import { temporaryFolder } from '#test/support/temporary.ts';

const database = createDatabase({ temporary: await mkdtemp(join(tmpdir(), 'cartlake-database-')), threads: 3 });
afterAll(() => database.close());

const threads = async (session: Session) => {
    const [row] = await session.rows("select current_setting('threads') as threads");
    return row?.threads;
};

/** Work that says when it has begun, and goes on until it is told to end. */
function waitingWork() {
    const [begun, ended] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const work = () => {
        begun.resolve();
        return ended.promise;
    };
    return { work, begun: begun.promise, end: () => ended.resolve() };
}

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
        const [alone, first] = [waitingWork(), waitingWork()];
        const sessions = [database.session(alone.work)];
        await alone.begun;
        expect(await database.aside(threads)).toBe(3);

        const log: string[] = [];
        sessions.push(database.aside(first.work).then(() => void log.push('first')));
        await first.begun;
        sessions.push(database.aside(async () => void log.push('second')));
        await new Promise((later) => setTimeout(later, 50));
        expect(log).toEqual([]);
        first.end();
        alone.end();
        await Promise.all(sessions);
        expect(log.sort()).toEqual(['first', 'second']);
    });

    it('goes on after a session that failed', async () => {
        await expect(database.beside((session) => session.run('select nothing'))).rejects.toThrow(/nothing/);
        expect(await database.session(threads)).toBe(3);
    });

    it('answer as well on a database that was opened ahead', async () => {
        const ahead = createDatabase({ temporary: await temporaryFolder(), prelude: ['create macro seven() as 7'] });
        await ahead.open();

        expect(await ahead.session((session) => session.rows('select seven() as seven'))).toEqual([{ seven: 7 }]);
        ahead.close();
    });

    it('say why it cannot be opened, not whoever opens it ahead', async () => {
        const broken = createDatabase({ temporary: await temporaryFolder(), prelude: ['no statement'] });
        await broken.open();

        await expect(broken.session(threads)).rejects.toThrow('syntax error');
    });
});
