import { expect, it } from 'vitest';
import type { Statement } from '#core/build/ports.ts';
import { quarantinedObjects, quarantinedRows, quarantineFile } from '#core/status/quarantine.ts';
import { anEntry, aStagedObject } from '#test/support/builders.ts';

const staged = aStagedObject(undefined, {
    rows: { read: 3, accepted: 2, rejected: 1 },
    reasons: { 'total: not_money': 1 },
    quarantine: 'quarantine/orders/x.parquet',
});
const entry = anEntry({ id: 'aa', state: 'built', staged });

it('lists objects with rejected rows, and archives with rejected parts', () => {
    const parts = { read: 2, rejected: 1, examples: [{ name: 'a.json', reason: 'it is encrypted' }] };
    const entries = [
        entry,
        anEntry({ state: 'built', staged: aStagedObject() }),
        anEntry({ state: 'built', staged: aStagedObject({}, { parts: { ...parts, rejected: 0 } }) }),
        anEntry({ id: 'bb', state: 'built', staged: aStagedObject({}, { parts }) }),
        anEntry({ state: 'rejected', staged }),
    ];

    expect(quarantinedObjects(entries)).toEqual([
        {
            id: 'aa',
            dataset: 'orders',
            file: 'orders.csv',
            rejected: 1,
            read: 3,
            reasons: { 'total: not_money': 1 },
            parts: undefined,
        },
        { id: 'bb', dataset: 'orders', file: 'orders.csv', rejected: 0, read: 0, reasons: {}, parts },
    ]);
});

it('reads the first rows of the object in the order of its file', async () => {
    let asked: Statement | undefined;
    const rows = async (statement: Statement) => {
        asked = statement;
        return [{ _source_row: 7, reasons: ['total: not_money'], raw: null }];
    };

    expect(await quarantinedRows({ rows }, entry, 5)).toEqual([{ row: 7, reasons: ['total: not_money'], raw: '' }]);
    expect([...(asked?.inputs.values() ?? [])]).toMatchObject([{ files: ['quarantine/orders/x.parquet'] }]);
    expect(asked?.render((name) => `<${name}>`)).toContain('from <rows> as quarantined order by _source_row limit 5');
});

it('refuses an object without rejected rows', () => {
    expect(() => quarantineFile(anEntry({ state: 'rejected', staged }))).toThrow(
        'landing/orders/orders.csv has no rows in quarantine.',
    );
});
