import { describe, expect, it } from 'vitest';
import { UsageError } from '#core/errors.ts';
import type { PublishMart } from '#core/publish/publisher.ts';
import { requirePublishable } from '#core/publish/validate.ts';

async function* nothing(): AsyncGenerator<string> {}

function mart(fields: Partial<PublishMart>): PublishMart {
    return {
        table: 'sales',
        columns: [
            { name: 'day', type: 'date' },
            { name: 'shop', type: 'varchar' },
        ],
        key: ['day'],
        versionId: 'v1',
        change: { kind: 'full', rows: nothing() },
        ...fields,
    };
}

const check = (...marts: PublishMart[]) => requirePublishable({ runId: 'r', marts });

describe('a run to be published', () => {
    it('passes with names up to 63 bytes', () => {
        expect(() => check(mart({}), mart({ table: 'é'.repeat(31) }), mart({ table: 'x'.repeat(63) }))).not.toThrow();
    });

    it.each([
        [
            'a table name that is too long in bytes',
            mart({ table: 'é'.repeat(32) }),
            /name of a published table must be 1 to 63 bytes.*found 64/,
        ],
        ['an empty table name', mart({ table: '' }), /must be 1 to 63 bytes.*found 0/],
        [
            'a NUL in a name',
            mart({ columns: [{ name: 'a\0', type: 'date' }], key: ['a\0'] }),
            /column name of marts\.sales.*without a NUL/,
        ],
        [
            'a column twice',
            mart({
                columns: [
                    { name: 'day', type: 'date' },
                    { name: 'day', type: 'date' },
                ],
            }),
            /column "day" stands there twice/,
        ],
        ['a key column twice', mart({ key: ['day', 'day'] }), /key column "day" stands there twice/],
        ['no key', mart({ key: [] }), /has no key.*model header/],
        [
            'a key column that is no column',
            mart({ key: ['week'] }),
            /"week" of marts\.sales is not among its columns \(day, shop\)/,
        ],
    ])('is refused for %s', (_, bad, message) => {
        expect(() => check(bad)).toThrow(UsageError);
        expect(() => check(bad)).toThrow(message);
    });

    it('is refused when it publishes one table twice', () => {
        expect(() => check(mart({}), mart({}))).toThrow(/published table "sales" stands there twice/);
    });
});
