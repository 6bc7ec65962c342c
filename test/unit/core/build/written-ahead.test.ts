import { describe, expect, it } from 'vitest';
import { writeAhead } from '#core/build/written-ahead.ts';
import type { CsvRows } from '#core/publish/publisher.ts';

async function* text(chunk: string): CsvRows {
    yield chunk;
}

async function allOf(rows: CsvRows): Promise<string> {
    let all = '';
    for await (const chunk of rows) all += String(chunk);
    return all;
}

/** Writes that end when they are told to, and what was begun. */
function slowWrites() {
    const begun: string[] = [];
    const ends = new Map<string, PromiseWithResolvers<void>>();
    return {
        begun,
        write: (name: string) => () => {
            begun.push(name);
            ends.set(name, Promise.withResolvers<void>());
            return ends.get(name)!.promise;
        },
        end: (name: string) => ends.get(name)?.resolve(),
        fail: (name: string) => ends.get(name)?.reject(new Error(`${name} failed`)),
    };
}

const settled = () => new Promise((done) => setImmediate(done));

describe('rows that are written ahead', () => {
    it('are written one after another, also while nobody reads, and read when they are there', async () => {
        const writes = slowWrites();
        const ahead = writeAhead();
        const [first, second] = ['a', 'b'].map((name) => ahead.rows(writes.write(name), () => text(`rows of ${name}`)));
        await settled();
        expect(writes.begun).toEqual(['a']);
        writes.end('a');
        await settled();

        expect(writes.begun).toEqual(['a', 'b']);
        expect(await allOf(first!)).toBe('rows of a');
        writes.end('b');
        expect(await allOf(second!)).toBe('rows of b');
    });

    it('fail as their writing does, and nothing is written after that', async () => {
        const writes = slowWrites();
        const ahead = writeAhead();
        const [first, second] = ['a', 'b'].map((name) => ahead.rows(writes.write(name), () => text('never')));
        await settled();
        writes.fail('a');

        await expect(allOf(first!)).rejects.toThrow('a failed');
        await expect(allOf(second!)).rejects.toThrow('a failed');
        await expect(ahead.end()).resolves.toBeUndefined();
        expect(writes.begun).toEqual(['a']);
    });

    it('are not begun any more when it is over, which waits for what is being written', async () => {
        const writes = slowWrites();
        const ahead = writeAhead();
        for (const name of ['a', 'b']) ahead.rows(writes.write(name), () => text('unread'));
        await settled();
        let isOver = false;
        const over = ahead.end().then(() => {
            isOver = true;
        });
        await settled();
        expect(isOver).toBe(false);
        writes.end('a');
        await over;

        expect(writes.begun).toEqual(['a']);
    });
});
