import { describe, expect, it } from 'vitest';
import { turnsBeside } from '#adapters/duckdb/turns.ts';

/** Work that begins when its turn comes and ends when it is told to; `log` hears both. */
function works() {
    const log: string[] = [];
    const ends = new Map<string, () => void>();
    const work = (name: string) => () =>
        new Promise<string>((resolve) => {
            log.push(`${name} begins`);
            ends.set(name, () => {
                log.push(`${name} ends`);
                resolve(name);
            });
        });
    const end = async (name: string) => {
        ends.get(name)?.();
        await new Promise((later) => setImmediate(later));
    };
    return { log, work, end };
}

describe('turns', () => {
    it('lets as many as there may be work beside each other, and no more', async () => {
        const { log, work, end } = works();
        const inTurn = turnsBeside(2);
        const all = ['a', 'b', 'c'].map((name) => inTurn('beside', work(name)));
        await end('none');
        expect(log).toEqual(['a begins', 'b begins']);
        await end('b');
        await end('a');
        await end('c');
        expect(log).toEqual(['a begins', 'b begins', 'b ends', 'c begins', 'a ends', 'c ends']);
        expect(await Promise.all(all)).toEqual(['a', 'b', 'c']);
    });

    it('lets nobody work beside who is to be alone, and nobody who came later pass', async () => {
        const { log, work, end } = works();
        const inTurn = turnsBeside(2);
        const all = [
            inTurn('beside', work('a')),
            inTurn('alone', work('b')),
            inTurn('beside', work('c')),
            inTurn('alone', work('d')),
        ];
        await end('none');
        expect(log).toEqual(['a begins']);
        for (const name of ['a', 'b', 'c', 'd']) await end(name);
        expect(log).toEqual(['a', 'b', 'c', 'd'].flatMap((name) => [`${name} begins`, `${name} ends`]));
        await Promise.all(all);
    });

    it('goes on after work that failed, which fails for who asked for it', async () => {
        const inTurn = turnsBeside(1);
        const failed = inTurn('alone', () => Promise.reject(new Error('no')));
        const next = inTurn('alone', async () => 'done');
        await expect(failed).rejects.toThrow('no');
        expect(await next).toBe('done');
    });
});
