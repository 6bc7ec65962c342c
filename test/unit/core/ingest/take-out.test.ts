import { describe, expect, it } from 'vitest';
import { readRequests } from '#core/build/requests.ts';
import { UsageError } from '#core/errors.ts';
import { takeOut } from '#core/ingest/take-out.ts';
import { executionName, isTakenOut } from '#core/ledger/entry.ts';
import { createLedger } from '#core/ledger/ledger.ts';
import { objectsOf, register } from '#core/registry/registry.ts';
import { anObject, aStagedObject } from '#test/support/builders.ts';
import { createFakeExecutions } from '#test/support/fakes/executions.ts';
import { createMemoryControl } from '#test/support/fakes/memory-control.ts';

const now = () => '2026-01-02T00:00:00.000Z';

async function aReceivedFile() {
    const control = createMemoryControl();
    const ledger = createLedger(control, now);
    const context = { control, ledger, executions: createFakeExecutions(), now };
    const { entry } = await ledger.receive({ object: anObject(), dataset: 'orders', size: 1, landedAt: now() });
    const look = async () => {
        const found = await ledger.find(entry.id);
        if (!found) throw new Error('the ledger lost it');
        return found;
    };
    return { context, entry, look };
}

async function aStagedFile() {
    const file = await aReceivedFile();
    const { context, entry } = file;
    const staged = aStagedObject({ '2026-01-01': 2 });
    const object = { id: entry.id, key: entry.object.key, landedAt: now() };
    await register(context.control, 'orders', object, staged, undefined);
    await context.ledger.markStaged(entry.id, staged);
    return file;
}

describe('a file that is taken out', () => {
    it('leaves the builds, and the ledger says why', async () => {
        const { context, look } = await aStagedFile();
        await takeOut(context, await look(), 'amounts in cents');

        expect(await objectsOf(context.control, 'orders')).toEqual([]);
        expect(await look()).toMatchObject({ state: 'rejected', reason: 'Taken out by hand: amounts in cents' });
        expect(isTakenOut(await look())).toBe(true);
        expect((await readRequests(context.control)).requested).toBe(1);
    });

    it('is taken out once', async () => {
        const { context, look } = await aStagedFile();
        await takeOut(context, await look(), 'first');
        await takeOut(context, await look(), 'second');

        expect((await look()).reason).toBe('Taken out by hand: first');
        expect((await readRequests(context.control)).requested).toBe(1);
    });

    it('was not found bad by the pipeline', async () => {
        const { context, entry, look } = await aStagedFile();
        await context.ledger.markRejected(entry.id, 'A column is missing.');

        expect(isTakenOut(await look())).toBe(false);
    });

    it('is not being read', async () => {
        const { context, entry, look } = await aReceivedFile();
        await context.executions.start('ingest', executionName(entry), {});
        const early = takeOut(context, await look(), 'too soon');

        await expect(early).rejects.toThrow(UsageError);
        await expect(early).rejects.toThrow('is being read just now: take it out when that is over.');
        context.executions.end(`ingest/${executionName(entry)}`, 'FAILED');
        await takeOut(context, await look(), 'it never gets read');
        expect((await look()).state).toBe('rejected');
    });
});
