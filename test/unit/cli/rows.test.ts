import { expect, it } from 'vitest';
import { type Rows, tableLines, writeCsv, writeJson } from '#cli/sql/rows.ts';

function rowsOf(names: readonly string[], types: readonly string[], ...batches: unknown[][][]): Rows {
    return {
        columns: names.map((name, index) => ({ name, type: types[index] ?? 'varchar' })),
        batches: (async function* () {
            yield* batches;
        })(),
    };
}

/** What a writer writes. */
async function written(writeRows: (output: Parameters<typeof writeCsv>[0], rows: Rows) => Promise<void>, rows: Rows) {
    let text = '';
    const write = async (chunk: string) => {
        text += chunk;
    };
    const output = { json: false, line: () => undefined, note: () => undefined, warn: () => undefined };
    await writeRows({ ...output, write }, rows);
    return text;
}

it('shows numbers right, null as nothing, lists as JSON, and line breaks as text', async () => {
    const rows = rowsOf(
        ['n', 'text'],
        ['bigint'],
        [[5, 'a\nb']],
        [
            [12, null],
            [null, [1]],
        ],
    );

    expect(await tableLines(rows, 10)).toEqual([' n  text', ' 5  a\\nb', '12', '    [1]', '(3 rows)']);
});

it('shows the first rows and says that there are more', async () => {
    const rows = () => rowsOf(['n'], ['bigint'], [[1], [2]], [[3]]);

    expect(await tableLines(rows(), 2)).toEqual(['n', '1', '2', '(first 2 rows; --limit 0, --csv or --json for all)']);
    expect((await tableLines(rows(), 3)).at(-1)).toBe('(3 rows)');
    expect((await tableLines(rows(), 1)).at(-1)).toContain('first 1 row;');
});

it('writes CSV that tells null from an empty text', async () => {
    const rows = rowsOf(
        ['a', 'b,c'],
        [],
        [
            [null, ''],
            ['x"y', 'line\nbreak'],
        ],
    );

    expect(await written(writeCsv, rows)).toBe('a,"b,c"\n,""\n"x""y","line\nbreak"\n');
});

it('writes one JSON array, also of no rows and of equal column names', async () => {
    expect(JSON.parse(await written(writeJson, rowsOf(['n', 'n'], [], [[1, 2]], [[3, null]])))).toEqual([
        { n: 1, n_2: 2 },
        { n: 3, n_2: null },
    ]);
    expect(JSON.parse(await written(writeJson, rowsOf(['n'], [])))).toEqual([]);
});
