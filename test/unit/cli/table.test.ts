import { describe, expect, it } from 'vitest';
import { printable } from '#cli/output/style.ts';
import { markdownTable, shortened, table } from '#cli/output/table.ts';

describe('table', () => {
    it('aligns columns and leaves no blanks at the ends of lines', () => {
        const lines = table(
            [{ heading: 'name' }, { heading: 'rows', align: 'right' }, { heading: 'note' }],
            [
                ['a', '1,000', 'x'],
                ['longer', '5', ''],
            ],
        );

        expect(lines).toEqual(['name     rows  note', 'a       1,000  x', 'longer      5']);
    });

    it('counts what a terminal shows: colours take no room, wide letters two columns', () => {
        const lines = table(
            [{ heading: 'a' }, { heading: 'b' }],
            [
                ['\u001b[31mred\u001b[39m', '1'],
                ['日本', '2'],
            ],
        );

        expect(lines.slice(1)).toEqual(['\u001b[31mred\u001b[39m   1', '日本  2']);
    });
});

it('writes a Markdown table that is aligned in its source too', () => {
    expect(markdownTable(['metric', 'p'], [['Purchase rate', '0.65']])).toEqual([
        '| metric        | p    |',
        '| ------------- | ---- |',
        '| Purchase rate | 0.65 |',
    ]);
});

it('shortens only what is too long', () => {
    expect([shortened('abcd', 4), shortened('abcde', 4)]).toEqual(['abcd', 'abc…']);
});

it('shows control characters instead of obeying them', () => {
    expect(printable('a\nb\t\u001b[31m\u0000é')).toBe('a\\nb\\t\\x1b[31m\\x00é');
});
