import { expect, it } from 'vitest';
import { postgresRows } from '#cli/sql/postgres-rows.ts';

it('turns texts into values where JSON holds them exactly, and keeps the others', async () => {
    const types = ['bigint', 'bigint', 'double precision', 'double precision', 'boolean', 'numeric', 'date', 'integer'];
    const row = ['42', '9007199254740993', '0.5', 'NaN', 't', '10559.69', '2026-01-31', null];

    const { batches } = postgresRows({ columns: types.map((type) => ({ name: type, type })), rows: [row] });

    const found = [];
    for await (const batch of batches) found.push(...batch);
    expect(found).toEqual([[42, '9007199254740993', 0.5, 'NaN', true, '10559.69', '2026-01-31', null]]);
});
