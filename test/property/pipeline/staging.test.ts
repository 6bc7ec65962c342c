import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ContractError } from '#core/errors.ts';
import { aColumn, aContract } from '#test/support/builders.ts';
import { testDatabase } from '#test/support/duckdb.ts';
import { type StagedFile, stageFile } from '#test/support/stage-file.ts';

const database = testDatabase('staging');
const contract = aContract({
    columns: [
        aColumn('order_id', { type: 'bigint', required: true }),
        aColumn('ordered_at', { type: 'timestamp', required: true }),
        aColumn('note'),
    ],
});

/** Every record stands in exactly one of the two files, under its own number. */
function expectComplete(staged: StagedFile): void {
    expect(staged.read).toBe(staged.accepted + staged.rejected);
    expect(staged.acceptedRows).toHaveLength(staged.accepted);
    expect(staged.rejectedRows).toHaveLength(staged.rejected);
    for (const { reasons } of staged.rejectedRows) expect((reasons as string[]).length).toBeGreaterThan(0);
    const counted = Object.values(staged.dates).reduce((sum, rows) => sum + rows, 0);
    expect(counted).toBe(staged.accepted);
}

type Kind = 'good' | 'quoted' | 'bad' | 'few' | 'many';

/** The text of a record; `id` is its number in the file. */
function csvRecord(kind: Kind, id: number, delimiter: string): string {
    const fields: Record<Kind, readonly string[]> = {
        good: [`${id}`, '2026-01-02 03:04:05', 'plain ä'],
        quoted: [`"${id}"`, '2026-01-02', `"a ${delimiter} ""quote"""`],
        bad: ['x', 'never', `${id}`],
        few: [`${id}`],
        many: [`${id}`, '2026-01-02', 'note', 'more'],
    };
    return fields[kind].join(delimiter);
}

describe('a CSV file with any mixture of good and bad records', () => {
    const kinds = fc.array(fc.constantFrom<Kind>('good', 'good', 'quoted', 'bad', 'few', 'many'), { maxLength: 60 });

    it('has each record in its place, numbered as it stands in the file', async () => {
        await fc.assert(
            fc.asyncProperty(
                kinds,
                fc.constantFrom(',', ';', '\t', '|'),
                fc.constantFrom('\n', '\r\n'),
                fc.boolean(),
                fc.constantFrom('', '\ufeff'),
                async (records, delimiter, newline, endsWithNewline, mark) => {
                    const heading = ['order_id', 'ordered_at', 'note'].join(delimiter);
                    const lines = [heading, ...records.map((kind, index) => csvRecord(kind, index + 1, delimiter))];
                    const staged = await stageFile(
                        database,
                        contract,
                        mark + lines.join(newline) + (endsWithNewline ? newline : ''),
                    );
                    const numbers = (wanted: (kind: Kind) => boolean) =>
                        records.flatMap((kind, index) => (wanted(kind) ? [index + 1] : []));
                    const isGood = (kind: Kind) => kind === 'good' || kind === 'quoted';

                    expectComplete(staged);
                    expect(staged.read).toBe(records.length);
                    expect(staged.acceptedRows.map(({ _source_row }) => _source_row)).toEqual(numbers(isGood));
                    expect(staged.acceptedRows.map(({ order_id }) => order_id)).toEqual(numbers(isGood));
                    expect(staged.rejectedRows.map(({ _source_row }) => _source_row)).toEqual(
                        numbers((kind) => !isGood(kind)),
                    );
                },
            ),
            { numRuns: 20 },
        );
    });

    it('has quoted line breaks inside records counted as part of them', async () => {
        const kindsWithBreaks = fc.array(fc.constantFrom('good', 'break', 'breaks', 'bad', 'bad break'), {
            minLength: 1,
            maxLength: 40,
        });
        const texts: Record<string, (id: number) => string> = {
            good: (id) => `${id},2026-01-02,plain`,
            break: (id) => `${id},2026-01-02,"two\nlines"`,
            breaks: (id) => `${id},2026-01-02,"\n\n3,not a record,\n"`,
            bad: () => 'x,2026-01-02,',
            'bad break': () => 'x,2026-01-02,"two\nlines"',
        };
        await fc.assert(
            fc.asyncProperty(kindsWithBreaks, async (records) => {
                const lines = records.map((kind, index) => texts[kind]?.(index + 1));
                const staged = await stageFile(database, contract, `order_id,ordered_at,note\n${lines.join('\n')}\n`);
                const good = records.flatMap((kind, index) => (kind.startsWith('bad') ? [] : [index + 1]));

                expectComplete(staged);
                expect(staged.read).toBe(records.length);
                expect(staged.acceptedRows.map(({ order_id, _source_row }) => [order_id, _source_row])).toEqual(
                    good.map((n) => [n, n]),
                );
            }),
            { numRuns: 15 },
        );
    });
});

describe('a file of any characters under a good heading', () => {
    const soup = fc.array(
        fc.constantFrom(
            ',',
            '"',
            '""',
            '\n',
            '\r\n',
            '\r',
            ' ',
            '1',
            '2026-01-02',
            'x',
            'ä',
            "'",
            '\\',
            '\t',
            '""x',
            '\ufffd',
        ),
        { maxLength: 120 },
    );

    it('is complete, or refused whole', async () => {
        await fc.assert(
            fc.asyncProperty(soup, async (parts) => {
                const text = `order_id,ordered_at,note\n${parts.join('')}`;
                const staged = await stageFile(database, contract, text).catch((error: unknown) => error);
                if (staged instanceof ContractError) return;
                if (staged instanceof Error) throw staged;
                expectComplete(staged as StagedFile);
            }),
            { numRuns: 60 },
        );
    });
});

describe('a file of JSON lines', () => {
    const good = fc
        .record({
            note: fc.oneof(fc.string(), fc.constant(null), fc.integer(), fc.record({ deep: fc.string() })),
            more: fc.option(fc.string()),
        })
        .map((rest) => (id: number) => JSON.stringify({ order_id: id, ordered_at: '2026-01-02', ...rest }));
    const bad = fc.constantFrom(
        () => '{"order_id": "x", "ordered_at": "2026-01-02"}',
        () => '{"order_id": ',
        () => '[1, 2]',
        () => '"text"',
        () => 'null',
        () => '{}',
        () => '{"order_id": 1, "ordered_at": "2026-01-02", "note": "\\u0000"}',
        () => 'undefined',
    );
    const line = fc.oneof(
        { weight: 3, arbitrary: good.map((make) => ({ make, isGood: true, isBlank: false })) },
        bad.map((make) => ({ make: make as (id: number) => string, isGood: false, isBlank: false })),
        fc.constant({ make: () => '  ', isGood: false, isBlank: true }),
    );

    it('has each object in its place, numbered by its line', async () => {
        await fc.assert(
            fc.asyncProperty(fc.array(line, { maxLength: 50 }), async (lines) => {
                const first = JSON.stringify({ order_id: 0, ordered_at: '2026-01-02', note: '' });
                const text = [first, ...lines.map(({ make }, index) => make(index + 1))].join('\n');
                const staged = await stageFile(database, contract, text);
                const ids = lines.flatMap(({ isGood }, index) => (isGood ? [index + 1] : []));

                expectComplete(staged);
                expect(staged.read).toBe(1 + lines.filter(({ isBlank }) => !isBlank).length);
                expect(staged.acceptedRows.map(({ order_id }) => order_id)).toEqual([0, ...ids]);
            }),
            { numRuns: 20 },
        );
    });
});
