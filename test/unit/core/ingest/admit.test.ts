import { describe, expect, it } from 'vitest';
import { admit } from '#core/ingest/admit.ts';
import { testDatabase } from '#test/support/duckdb.ts';
import { anIngest } from './pipeline.ts';

const database = testDatabase('staging');

describe('admitting an object', () => {
    it('starts its ingest, once, however often it is delivered', async () => {
        const { context, land } = anIngest(database);
        const object = await land('landing/orders/o.csv', 'x');
        const first = await admit(context, object);
        const again = await Promise.all([admit(context, object), admit(context, object)]);

        expect(first).toMatchObject({ outcome: 'started', entry: { dataset: 'orders', size: 1, attempt: 1 } });
        expect(again.map(({ outcome }) => outcome)).toEqual(['known', 'known']);
        expect(context.executions.started).toHaveLength(1);
        const id = first.outcome === 'started' ? first.entry.id : '';
        expect(context.executions.started).toEqual([`ingest/${id}-1`]);
        expect(context.executions.inputs.get(`ingest/${id}-1`)).toEqual({ id, attempt: 1 });
    });

    it('of many deliveries at once starts one ingest', async () => {
        const { context, land } = anIngest(database);
        const object = await land('landing/orders/o.csv', 'x');
        const outcomes = await Promise.all(Array.from({ length: 8 }, () => admit(context, object)));

        expect(outcomes.filter(({ outcome }) => outcome === 'started')).toHaveLength(1);
        expect(context.executions.started).toHaveLength(1);
    });

    it('starts what an earlier delivery received and did not start', async () => {
        const { context, land } = anIngest(database);
        const object = await land('landing/orders/o.csv', 'x');
        context.executions.beforeStart = () => {
            throw new Error('throttled');
        };
        await expect(admit(context, object)).rejects.toThrow('throttled');
        context.executions.beforeStart = () => undefined;

        expect(await admit(context, object)).toMatchObject({ outcome: 'known' });
        expect(context.executions.started).toHaveLength(1);
    });

    it('does nothing for an object that was rejected', async () => {
        const { context, land } = anIngest(database);
        const object = await land('landing/orders/o.csv', 'x');
        const { entry } = (await admit(context, object)) as { entry: { id: string } };
        await context.ledger.markRejected(entry.id, 'bad');

        expect(await admit(context, object)).toMatchObject({ outcome: 'known', entry: { state: 'rejected' } });
        expect(context.executions.started).toHaveLength(1);
    });

    it('knows the dataset by the folder, or else by the file name', async () => {
        const { context, land } = anIngest(database);

        expect(await admit(context, await land('landing/orders/anything.txt', '1'))).toMatchObject({
            entry: { dataset: 'orders' },
        });
        expect(await admit(context, await land('landing/inbox/2026/orders-7.csv.gz', '2'))).toMatchObject({
            outcome: 'started',
            entry: { dataset: 'orders' },
        });
    });

    it('rejects a file that no contract covers, and says what would be', async () => {
        const { context, land } = anIngest(database);
        const admission = await admit(context, await land('landing/inbox/invoices.csv', 'x'));

        expect(admission).toMatchObject({
            outcome: 'rejected',
            entry: {
                state: 'rejected',
                dataset: 'unknown',
                reason: expect.stringContaining(
                    'No contract covers invoices.csv. Expected a file of one of: orders (orders*).',
                ),
            },
        });
        expect(context.executions.started).toEqual([]);
        expect(await context.ledger.open()).toEqual([]);
    });

    it('ignores what is not a landed file, or gone', async () => {
        const { context, land } = anIngest(database);
        const object = await land('landing/orders/o.csv', 'x');

        expect(await admit(context, { ...object, key: 'marts/orders/o.csv' })).toEqual({
            outcome: 'ignored',
            reason: 'marts/orders/o.csv is not below landing/',
        });
        expect(await admit(context, { ...object, key: 'landing/orders/' })).toMatchObject({ outcome: 'ignored' });
        expect(await admit(context, { ...object, version: 'deleted' })).toEqual({
            outcome: 'ignored',
            reason: 'landing/orders/o.csv is not there any more',
        });
        expect(await context.ledger.open()).toEqual([]);
    });
});
