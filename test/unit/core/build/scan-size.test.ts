import { expect, it } from 'vitest';
import { scanSize } from '#core/build/scan-size.ts';
import type { TableVersion } from '#core/catalog/version.ts';
import type { Model } from '#core/models/model.ts';
import { objectsOf } from '#core/registry/registry.ts';
import { testDatabase } from '#test/support/duckdb.ts';
import { aModel, aTinyLake } from '#test/support/tiny-lake.ts';

const database = testDatabase();
const MEGABYTE = 1024 * 1024;

it('adds up what a model and its checks read, a relation that stands twice twice, with ten megabytes a query at least', async () => {
    const model = aModel(
        'whole',
        'kind: table\nchecks:\n  - not_null: [amount]',
        `select distinct id, amount from {{ ref('events') }} where id in (select id from {{ ref('events') }})`,
    );
    const lake = await aTinyLake(database, { models: [model] });
    await lake.land('first', [[1, '2026-01-01 10:00:00', 10]]);
    await lake.build();
    const { context } = lake;
    const current = (await context.catalog.current('whole')) as TableVersion;
    const sizeOf = (key: string) => (key.startsWith('staging/') ? 30 * MEGABYTE : 4 * MEGABYTE);
    const size = await scanSize(
        { ...context, objects: (dataset) => objectsOf(context.control, dataset) },
        context.graph.models.get('whole') as Model,
        current,
        sizeOf,
    );

    // The build, the count of what it wrote, and the checks of the key and of nulls.
    expect(size).toEqual({
        model: 'whole',
        queries: 4,
        bytes: 60 * MEGABYTE + current.bytes + 2 * 4 * MEGABYTE,
        billedBytes: (60 + 10 + 2 * 10) * MEGABYTE,
    });
    expect(await context.blobs.list('marts/whole/run=scan-size')).toEqual([]);
});
