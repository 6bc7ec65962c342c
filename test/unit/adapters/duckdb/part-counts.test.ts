import { expect, it } from 'vitest';
import { requireEachCounted } from '#adapters/duckdb/part-counts.ts';
import { PipelineError } from '#core/errors.ts';

const expected = new Map([
    ['a', 2],
    ['b', 1],
    ['empty', 0],
]);

it('lets parts pass of which every row stands somewhere', () => {
    const found = new Map([
        ['a', { rows: 2 }],
        ['b', { rows: 1 }],
    ]);

    expect(() => requireEachCounted(expected, found, 3)).not.toThrow();
});

it('names the part that lost a row, or got one of another', () => {
    const found = new Map([
        ['a', { rows: 1 }],
        ['b', { rows: 2 }],
    ]);

    expect(() => requireEachCounted(expected, found, 3)).toThrow(PipelineError);
    expect(() => requireEachCounted(expected, found, 3)).toThrow(
        'Rows of a do not add up: read 2, accepted and rejected 1',
    );
});

it('notices rows that belong to no part', () => {
    const found = new Map([
        ['a', { rows: 2 }],
        ['b', { rows: 1 }],
        ['nobody', { rows: 1 }],
    ]);

    expect(() => requireEachCounted(expected, found, 4)).toThrow(
        'Rows of all parts do not add up: read 3, accepted and rejected 4',
    );
});
