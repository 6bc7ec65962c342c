import { describe, expect, it } from 'vitest';
import { createLedger } from '#core/ledger/ledger.ts';
import { reread } from '#core/replay/reread.ts';
import { anObject, aStagedObject } from '#test/support/builders.ts';
import { createFakeExecutions } from '#test/support/fakes/executions.ts';
import { createMemoryControl } from '#test/support/fakes/memory-control.ts';

/** A ledger with one object that a build has used. */
async function aLake() {
    const ledger = createLedger(createMemoryControl(), () => '2026-01-01T00:00:00.000Z');
    const executions = createFakeExecutions();
    const arrival = { object: anObject(), dataset: 'orders', size: 1, landedAt: '2026-01-01T00:00:00.000Z' };
    const { id } = (await ledger.receive(arrival)).entry;
    await ledger.markStaged(id, aStagedObject());
    await ledger.markBuilt([id], 'build-1-1');
    const listed = { id, attempt: 1, state: 'built' as const };
    return { id, ledger, executions, listed, reread: () => reread({ ledger, executions }, 'replay-a-1', listed) };
}

describe('reread', () => {
    it('starts the next attempt, names the replay as who asks for the build, and waits for it', async () => {
        const lake = await aLake();

        expect(await lake.reread()).toBe(false);
        expect(lake.executions.started).toEqual([`ingest/${lake.id}-2`]);
        expect(lake.executions.inputs.get(`ingest/${lake.id}-2`)).toEqual({ id: lake.id, attempt: 2 });
        expect(await lake.ledger.find(lake.id)).toMatchObject({ state: 'received', attempt: 2, replay: 'replay-a-1' });
        expect(await lake.reread()).toBe(false);
        await lake.ledger.markStaged(lake.id, aStagedObject());
        expect(await lake.reread()).toBe(true);
        expect(lake.executions.started).toHaveLength(1);
    });

    it('changes nothing when the same list is worked through again', async () => {
        const lake = await aLake();
        await lake.reread();
        await lake.ledger.markStaged(lake.id, aStagedObject());
        await lake.ledger.markBuilt([lake.id], 'build-2-1');
        const before = await lake.ledger.find(lake.id);

        expect(await lake.reread()).toBe(true);
        expect(await lake.ledger.find(lake.id)).toEqual(before);
        expect(lake.executions.started).toHaveLength(1);
    });

    it('starts what a call before it promised and did not start', async () => {
        const lake = await aLake();
        lake.executions.beforeStart = () => {
            throw new Error('killed');
        };
        await expect(lake.reread()).rejects.toThrow('killed');
        lake.executions.beforeStart = () => undefined;

        expect(await lake.reread()).toBe(false);
        expect(lake.executions.started).toEqual([`ingest/${lake.id}-2`]);
    });

    it('opens the object once for two calls at the same time', async () => {
        const lake = await aLake();
        await Promise.all([lake.reread(), lake.reread()]);

        expect(lake.executions.started).toEqual([`ingest/${lake.id}-2`]);
    });

    it('does not wait for an execution that ended without a word', async () => {
        const lake = await aLake();
        await lake.reread();
        lake.executions.end(`ingest/${lake.id}-2`, 'FAILED');

        expect(await lake.reread()).toBe(true);
        expect(await lake.ledger.find(lake.id)).toMatchObject({ state: 'received', attempt: 2 });
    });

    it('leaves alone what was rejected since it was listed', async () => {
        const lake = await aLake();
        await lake.ledger.markRejected(lake.id, 'Taken out by hand.');

        expect(await lake.reread()).toBe(true);
        expect(lake.executions.started).toEqual([]);
        expect(await lake.ledger.find(lake.id)).toMatchObject({ state: 'rejected', attempt: 1 });
    });

    it('refuses an object the ledger does not know', async () => {
        const { ledger, executions } = await aLake();
        const nobody = { id: 'nobody', attempt: 1, state: 'built' as const };

        await expect(reread({ ledger, executions }, 'replay-a-1', nobody)).rejects.toThrow(
            'The ledger has no object nobody.',
        );
    });
});
