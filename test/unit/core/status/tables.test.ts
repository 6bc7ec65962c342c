import { describe, expect, it } from 'vitest';
import { type TableStatus, tableChanges } from '#core/status/tables.ts';

const aTable = (overrides: Partial<TableStatus> = {}): TableStatus => ({
    model: 'm',
    purpose: '',
    kind: 'table',
    version: 'v1',
    content: 'c1',
    run: 'build-1-1',
    rows: 1,
    bytes: 1,
    promotedAt: undefined,
    pinned: false,
    warnings: [],
    publish: 'm',
    published: true,
    ...overrides,
});

const changes = (before: TableStatus[], after: TableStatus[]) => {
    const { built, published } = tableChanges(before, after);
    return { built: built.length, published: published.length };
};

describe('tableChanges', () => {
    it('counts a table built and published for the first time', () => {
        const never = aTable({ version: undefined, content: undefined, published: false });

        expect(changes([never], [aTable()])).toEqual({ built: 1, published: 1 });
        expect(changes([], [never])).toEqual({ built: 0, published: 0 });
    });

    it('counts nothing when nothing changed', () => {
        expect(changes([aTable()], [aTable()])).toEqual({ built: 0, published: 0 });
    });

    it('knows a version with the same rows from one with others', () => {
        expect(changes([aTable()], [aTable({ version: 'v2' })])).toEqual({ built: 1, published: 0 });
        expect(changes([aTable()], [aTable({ version: 'v2', content: 'c2' })])).toEqual({ built: 1, published: 1 });
    });

    it('counts a table that was only behind in Postgres as published, not as built', () => {
        expect(changes([aTable({ published: false })], [aTable()])).toEqual({ built: 0, published: 1 });
        expect(changes([aTable()], [aTable({ version: 'v2', published: false })])).toEqual({ built: 1, published: 0 });
    });
});
