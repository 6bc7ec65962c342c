import { expect, it } from 'vitest';
import { requireEachCounted, spreadOfParts } from '#adapters/duckdb/part-counts.ts';
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

it('adds up the dates of parts that are of one date each', () => {
    const parts = [
        { rows: 2, last: 2, on: { date: '2026-03-01', newest: '2026-03-01T09:00:00.000Z' } },
        { rows: 5, last: 5, on: { date: '2026-02-28', newest: '2026-02-28T23:59:59.999Z' } },
        { rows: 1, last: 1, on: { date: '2026-03-01', newest: '2026-03-01T08:00:00.000Z' } },
    ];

    const spread = spreadOfParts(parts);

    expect(spread).toEqual({ dates: { '2026-02-28': 5, '2026-03-01': 3 }, newest: '2026-03-01T09:00:00.000Z' });
    expect(Object.keys(spread?.dates ?? {})).toEqual(['2026-02-28', '2026-03-01']);
});

it('does not know the dates where a part has several', () => {
    const one = { rows: 2, last: 2, on: { date: '2026-03-01', newest: '2026-03-01T09:00:00.000Z' } };

    expect(spreadOfParts([one, { rows: 3, last: 3, on: undefined }])).toBeUndefined();
    expect(spreadOfParts([])).toBeUndefined();
});
