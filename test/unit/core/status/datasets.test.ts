import { expect, it } from 'vitest';
import { totalsOf } from '#core/ledger/totals.ts';
import { datasetStatuses } from '#core/status/datasets.ts';
import { anEntry, aStagedObject } from '#test/support/builders.ts';

it('sums objects, rows and sizes by dataset, and lists datasets that nothing came of', () => {
    const staged = aStagedObject({ '2026-01-01': 2 }, { rows: { read: 3, accepted: 2, rejected: 1 } });
    const later = aStagedObject({ '2026-02-01': 5 });

    const statuses = datasetStatuses(
        totalsOf([
            anEntry({ state: 'built', staged }),
            anEntry({ state: 'staged', staged: later, size: 5 }),
            anEntry({ state: 'received' }),
            anEntry({ state: 'rejected', dataset: 'unknown' }),
        ]),
        ['orders', 'users'],
    );

    expect(statuses).toEqual([
        {
            dataset: 'orders',
            objects: 3,
            byState: { received: 1, staged: 1, built: 1, rejected: 0 },
            rows: { read: 8, accepted: 7, rejected: 1 },
            bytes: 25,
            newest: '2026-02-01T12:00:00.000Z',
        },
        expect.objectContaining({ dataset: 'users', objects: 0, newest: undefined }),
        expect.objectContaining({ dataset: 'unknown', objects: 1 }),
    ]);
});

it('does not count rows of an object that was rejected after it had been staged', () => {
    const [status] = datasetStatuses(totalsOf([anEntry({ state: 'rejected', staged: aStagedObject() })]), []);

    expect(status?.rows).toEqual({ read: 0, accepted: 0, rejected: 0 });
});
