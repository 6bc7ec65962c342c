import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createDatabase } from '#adapters/duckdb/database.ts';
import { constant, literal, typeOfTexts } from '#adapters/duckdb/text.ts';

const folder = await mkdtemp(join(tmpdir(), 'cartlake-text-'));
const database = createDatabase({ temporary: folder });
afterAll(() => database.close());

const HOSTILE = ['', "it's", `"; drop table x; --`, 'two\nlines', 'a\0b', '\u{1f6d2}'];

describe('texts in statements', () => {
    it.each(HOSTILE)('comes out of Parquet as it went in, as a constant of all rows: %j', async (text) => {
        const path = join(folder, 'constant.parquet');
        const rows = await database.session(async (session) => {
            await session.run(
                `copy (select ${constant(text)} as t from range(3)) to ${literal(path)} (format parquet)`,
            );
            return session.rows(`select t, typeof(t) as type from read_parquet(${literal(path)})`);
        });
        expect(rows).toEqual(Array.from({ length: 3 }, () => ({ t: text, type: 'VARCHAR' })));
    });

    it('names a text once in a type, however often it is given', () => {
        expect(typeOfTexts(['b', 'a', 'b'])).toBe("enum('b', 'a')");
    });

    it('has no type of texts for none, or for one that a type cannot name', () => {
        expect([typeOfTexts([]), typeOfTexts(['a', 'a\0b'])]).toEqual(['varchar', 'varchar']);
    });
});
