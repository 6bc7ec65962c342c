import { describe, expect, it } from 'vitest';
import { createLedger } from '#core/ledger/ledger.ts';
import { replay, replayable } from '#core/replay/replay.ts';
import { aContract, anEntry, anObject, aStagedObject, contractsOf } from '#test/support/builders.ts';
import { createFakeExecutions } from '#test/support/fakes/executions.ts';
import { createMemoryControl } from '#test/support/fakes/memory-control.ts';

const contracts = contractsOf(aContract());

describe('replayable', () => {
    const january = anEntry({ state: 'built', staged: aStagedObject({ '2026-01-30': 1, '2026-01-31': 1 }) });
    const march = anEntry({ state: 'built', staged: aStagedObject({ '2026-03-01': 1 }) });
    const rejected = anEntry({ state: 'rejected' });
    const entries = [january, march, rejected, anEntry({ dataset: 'users' })];

    it('takes all objects of a dataset', () => {
        expect(replayable({ contracts }, entries, { dataset: 'orders' })).toEqual([january, march, rejected]);
    });

    it.each([
        [{ from: '2026-01-31' }, [january, march, rejected]],
        [{ from: '2026-02-01' }, [march, rejected]],
        [{ to: '2026-01-29' }, [rejected]],
        [{ from: '2026-01-31', to: '2026-02-28' }, [january, rejected]],
    ])('keeps objects with rows in %o and those without dates', (range, expected) => {
        expect(replayable({ contracts }, entries, { dataset: 'orders', ...range })).toEqual(expected);
    });

    it('leaves out what people took out', () => {
        const out = anEntry({ state: 'rejected', reason: 'Taken out by hand: twice the amounts' });

        expect(replayable({ contracts }, [january, out], { dataset: 'orders' })).toEqual([january]);
    });

    it('refuses a dataset without a contract', () => {
        expect(() => replayable({ contracts }, entries, { dataset: 'users' })).toThrow(
            'There is no dataset "users". There is: orders.',
        );
    });
});

describe('replay', () => {
    const ledger = createLedger(createMemoryControl(), () => '2026-01-01T00:00:00.000Z');
    const executions = createFakeExecutions();

    it('starts the next attempt of the object', async () => {
        const arrival = { object: anObject(), dataset: 'orders', size: 1, landedAt: '2026-01-01T00:00:00.000Z' };
        const { entry } = await ledger.receive(arrival);
        await ledger.markRejected(entry.id, 'A column is missing.');

        await replay({ contracts, ledger, executions }, entry);

        expect(executions.started).toEqual([`ingest/${entry.id}-2`]);
        expect(executions.inputs.get(`ingest/${entry.id}-2`)).toEqual({ id: entry.id, attempt: 2 });
        expect(await ledger.find(entry.id)).toMatchObject({ state: 'received', attempt: 2 });
    });

    it('refuses an object that no contract covers', async () => {
        const entry = anEntry({ dataset: 'unknown' });

        await expect(replay({ contracts, ledger, executions }, entry)).rejects.toThrow(
            'No contract covers landing/orders/orders.csv: it cannot be read again.',
        );
    });
});
