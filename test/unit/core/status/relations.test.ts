import { describe, expect, it } from 'vitest';
import { queryableRelations } from '#core/status/relations.ts';
import { testDatabase } from '#test/support/duckdb.ts';
import { aModel, aTinyLake } from '#test/support/tiny-lake.ts';

const database = testDatabase();

const TABLE = aModel('totals', 'kind: table', `select id, max(amount) as amount from {{ ref('events') }} group by id`);
const OF_EVENTS = aModel('stg_events', 'kind: view', `select id, amount from {{ ref('events') }}`);
const OF_TABLE = aModel('large', 'kind: view', `select id, amount from {{ ref('totals') }} where amount > 10`);
const OF_VIEW = aModel('larger', 'kind: view', `select id from {{ ref('large') }}`);

describe('what can be asked', () => {
    it('are datasets, tables that were built, and views of them', async () => {
        const lake = await aTinyLake(database, { models: [TABLE, OF_EVENTS, OF_TABLE, OF_VIEW] });
        const names = async () => (await queryableRelations(lake.context)).map(({ name }) => name).sort();

        expect(await names()).toEqual(['events', 'stg_events']);
        await lake.land('first', [[1, '2026-01-01 10:00:00', 20]]);
        await lake.build();
        expect(await names()).toEqual(['events', 'large', 'larger', 'stg_events', 'totals']);
    });
});
