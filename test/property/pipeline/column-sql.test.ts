import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnSql } from '#adapters/duckdb/column-sql.ts';
import { literal } from '#adapters/duckdb/text.ts';
import type { ColumnType } from '#core/types.ts';
import { aColumn } from '#test/support/builders.ts';
import { testDatabase } from '#test/support/duckdb.ts';

const database = testDatabase('staging');

/** Texts that look like values of some type, and are not quite, or that are anything. */
const digits = fc.stringMatching(/^[0-9]{0,20}$/);
const nearly = fc
    .tuple(
        fc.constantFrom('', ' ', '+', '-', '--', '.'),
        digits,
        fc.constantFrom('', '.', ',', 'e', 'E-', '_', 'x'),
        digits,
        fc.constantFrom('', ' ', '%', '\n'),
    )
    .map((parts) => parts.join(''));
const instant = fc
    .tuple(
        fc.constantFrom('2026', '0001', '9999', '0000', '26', '-2026'),
        fc.constantFrom('-', '/', '.'),
        fc.constantFrom('01', '1', '12', '13', '00'),
        fc.constantFrom('-', '/'),
        fc.constantFrom('1', '28', '29', '31', '00'),
        fc.constantFrom('', ' 10:00', 'T23:59:59', ' 24:00:00', ' 1:2:3', 'T10:00:00.123456'),
        fc.constantFrom('', 'Z', '+02', '-03:30', ' UTC', ' +0100', '+25', ' Europe/Berlin'),
    )
    .map((parts) => parts.join(''));
const word = fc.constantFrom(
    'true',
    'FALSE',
    'yes',
    'inf',
    '-infinity',
    'nan',
    'null',
    'epoch',
    'now',
    'today',
    '٣',
    '½',
    '\0',
    "o'clock",
);
const text = fc.oneof(
    nearly,
    instant,
    word,
    fc.string({ maxLength: 12 }),
    fc.string({ unit: 'grapheme', maxLength: 6 }),
);

const TYPES: readonly ColumnType[] = ['bigint', 'double', 'decimal(18,2)', 'boolean', 'date', 'timestamp', 'varchar'];

interface Judged {
    readonly n: number;
    readonly value: string | null;
    readonly accepts: boolean | null;
    readonly reason: string | null;
    readonly shown: string | null;
}

async function judge(type: ColumnType, required: boolean, texts: readonly string[]): Promise<Judged[]> {
    const { value, accepts, reason } = columnSql(aColumn('c', { type, required }), 't');
    const rows = texts.map((each, index) => `(${index}, ${literal(each)})`).join(', ');
    const judged = await database.session((session) =>
        session.rows(
            `select n, cast(${value} as varchar) as value, ${accepts} as accepts, ${reason} as reason, trim(t) as shown
             from (values ${rows}) as texts(n, t) order by n`,
        ),
    );
    return judged as unknown as Judged[];
}

describe.each(TYPES)('any text for a column of type %s', (type) => {
    it('is accepted or refused for a reason, never neither', async () => {
        await fc.assert(
            fc.asyncProperty(
                fc.array(text, { minLength: 1, maxLength: 200 }),
                fc.boolean(),
                async (texts, required) => {
                    for (const { n, accepts, reason, value } of await judge(type, required, texts)) {
                        const about = JSON.stringify(texts[n]);
                        expect(typeof accepts, about).toBe('boolean');
                        expect(accepts, about).toBe(reason === null);
                        if (required && accepts) expect(value, about).not.toBeNull();
                    }
                },
            ),
            { numRuns: 6 },
        );
    });

    if (type === 'varchar') return;
    it('has a value exactly if it is accepted and not blank', async () => {
        await fc.assert(
            fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 200 }), async (texts) => {
                for (const { n, accepts, value, shown } of await judge(type, false, texts)) {
                    const about = `${JSON.stringify(texts[n])} is ${value}`;
                    if (accepts) expect(value !== null, about).toBe(shown !== '');
                    // What was accepted reads back as the same value.
                    if (accepts && value !== null) {
                        expect(value, about).toMatch(/^[0-9tf.-]/);
                        expect((await judge(type, true, [value]))[0]?.value, about).toBe(value);
                    }
                }
            }),
            { numRuns: 2 },
        );
    });
});
