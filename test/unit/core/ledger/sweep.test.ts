import { beforeEach, describe, expect, it } from 'vitest';
import { readRequests, requestBuild } from '#core/build/requests.ts';
import { ledgerId } from '#core/ledger/entry.ts';
import { createLedger } from '#core/ledger/ledger.ts';
import { sweep } from '#core/ledger/sweep.ts';
import { objectsOf, register } from '#core/registry/registry.ts';
import { aColumn, aContract, anObject, aStagedObject, contractsOf } from '#test/support/builders.ts';
import { createFakeExecutions } from '#test/support/fakes/executions.ts';
import { createMemoryControl } from '#test/support/fakes/memory-control.ts';

const contract = aContract();
const id = ledgerId(anObject());
const arrival = { object: anObject(), dataset: 'orders', size: 1, landedAt: '2026-01-01T00:00:00.000Z' };

function aPipeline() {
    const control = createMemoryControl();
    const now = () => '2026-01-02T00:00:00.000Z';
    const ledger = createLedger(control, now);
    const executions = createFakeExecutions();
    return { control, ledger, executions, now, contracts: contractsOf(contract) };
}

let pipeline: ReturnType<typeof aPipeline>;

beforeEach(() => {
    pipeline = aPipeline();
});

const received = () => pipeline.ledger.receive(arrival);

/** As after Register and a build. */
async function built(staged = aStagedObject()): Promise<void> {
    await received();
    pipeline.executions.end(`ingest/${id}-1`, 'SUCCEEDED');
    await register(
        pipeline.control,
        'orders',
        { id, key: arrival.object.key, landedAt: arrival.landedAt },
        staged,
        undefined,
    );
    await pipeline.ledger.markStaged(id, staged);
    await pipeline.ledger.markBuilt([id], 'build-1-1');
}

const nothing = { restarted: 0, rejected: 0, restaged: 0 };

describe('a sweep', () => {
    it('does nothing in an empty lake', async () => {
        expect(await sweep(pipeline)).toEqual(nothing);
        expect(pipeline.executions.started).toEqual([]);
    });

    it('starts what was promised and never began, under the promised name', async () => {
        await received();

        expect(await sweep(pipeline)).toEqual({ ...nothing, restarted: 1 });
        expect(pipeline.executions.started).toEqual([`ingest/${id}-1`]);
        expect(pipeline.executions.inputs.get(`ingest/${id}-1`)).toEqual({ id, attempt: 1 });
    });

    it('leaves a running ingest alone', async () => {
        await received();
        await pipeline.executions.start('ingest', `${id}-1`, {});

        expect(await sweep(pipeline)).toEqual(nothing);
        expect(pipeline.executions.started).toEqual([`ingest/${id}-1`]);
    });

    it.each(['FAILED', 'TIMED_OUT', 'ABORTED'] as const)(
        'tries again under the next name what ended %s',
        async (status) => {
            await received();
            pipeline.executions.end(`ingest/${id}-1`, status);

            expect(await sweep(pipeline)).toEqual({ ...nothing, restarted: 1 });
            expect(pipeline.executions.started).toEqual([`ingest/${id}-2`]);
            expect(await pipeline.ledger.find(id)).toMatchObject({ state: 'received', attempt: 2 });
        },
    );

    it('starts one new attempt when several sweep at once', async () => {
        await received();
        pipeline.executions.end(`ingest/${id}-1`, 'FAILED');
        await Promise.all([sweep(pipeline), sweep(pipeline), sweep(pipeline)]);

        expect(pipeline.executions.started).toEqual([`ingest/${id}-2`]);
        expect((await pipeline.ledger.find(id))?.attempt).toBe(2);
    });

    it('does not read again what was staged while it looked', async () => {
        await received();
        pipeline.executions.end(`ingest/${id}-1`, 'SUCCEEDED');
        pipeline.executions.afterStatus = async () => {
            await pipeline.ledger.markStaged(id, aStagedObject());
        };

        await sweep(pipeline);
        expect(await pipeline.ledger.find(id)).toMatchObject({ state: 'staged', attempt: 1 });
    });

    it('gives up after twenty attempts, with the last reason, and takes earlier rows out of the builds', async () => {
        await built();
        for (let attempt = 2; attempt <= 21; attempt++) await pipeline.ledger.reopen(id);
        await pipeline.ledger.noteFailure(id, 'the disk is full');
        pipeline.executions.end(`ingest/${id}-21`, 'FAILED');

        expect(await sweep(pipeline)).toMatchObject({ restarted: 0, rejected: 1 });
        expect(await pipeline.ledger.find(id)).toMatchObject({
            state: 'rejected',
            reason: 'Given up after 20 attempts: the disk is full',
        });
        expect(await objectsOf(pipeline.control, 'orders')).toEqual([]);
        expect(pipeline.executions.started).toEqual(['build/build-1-1']);
        expect(await pipeline.ledger.open()).toEqual([]);
    });

    it('does not count readings that went well', async () => {
        for (let reading = 1; reading <= 30; reading++) {
            await built();
            await pipeline.ledger.reopen(id);
        }
        pipeline.executions.end(`ingest/${id}-31`, 'FAILED');

        expect(await sweep(pipeline)).toMatchObject({ restarted: 1, rejected: 0 });
    });

    it('says so when it gives up without knowing why', async () => {
        await received();
        for (let attempt = 2; attempt <= 20; attempt++) await pipeline.ledger.reopen(id);
        pipeline.executions.end(`ingest/${id}-20`, 'ABORTED');
        await sweep(pipeline);

        expect((await pipeline.ledger.find(id))?.reason).toBe('Given up after 20 attempts: no reason known');
    });

    it('asks for the build that a crash after Register left out', async () => {
        await received();
        await pipeline.ledger.markStaged(id, aStagedObject());
        await sweep(pipeline);

        expect(pipeline.executions.started).toEqual(['build/build-1-1']);
        expect(await readRequests(pipeline.control)).toMatchObject({ requested: 1, built: 0 });
    });

    it('asks for no second build when one is asked for already', async () => {
        await received();
        await pipeline.ledger.markStaged(id, aStagedObject());
        await requestBuild(pipeline);
        await sweep(pipeline);
        await sweep(pipeline);

        expect(await readRequests(pipeline.control)).toMatchObject({ requested: 1 });
        expect(pipeline.executions.started).toEqual(['build/build-1-1']);
    });

    it('replaces a builder that died', async () => {
        await requestBuild(pipeline);
        pipeline.executions.end('build/build-1-1', 'ABORTED');
        await sweep(pipeline);

        expect(pipeline.executions.started).toEqual(['build/build-1-1', 'build/build-1-2']);
    });

    it('tidies up marks of objects that are finished or were never received', async () => {
        await built();
        await pipeline.control.create(`control/open/${id}`, {});
        await pipeline.control.create('control/open/never-received', {});
        await sweep(pipeline);

        expect(await pipeline.ledger.open()).toEqual([]);
        expect(pipeline.executions.started).toEqual([]);
    });
});

describe('a changed contract', () => {
    const changed = aContract({ columns: [...contract.columns, aColumn('channel')] });

    it('has its objects staged again, once', async () => {
        await built();
        await sweep(pipeline);
        expect(pipeline.executions.started).toEqual([]);

        const under = { ...pipeline, contracts: contractsOf(changed) };
        expect(await sweep(under)).toEqual({ ...nothing, restaged: 1 });
        expect(pipeline.executions.started).toEqual([`ingest/${id}-2`]);
        expect(await sweep(under)).toEqual(nothing);
    });

    it('gives another chance to an object none of whose rows were accepted', async () => {
        await built(aStagedObject({}));

        expect(await sweep({ ...pipeline, contracts: contractsOf(changed) })).toEqual({ ...nothing, restaged: 1 });
    });

    it('goes on where a crash stopped it', async () => {
        await built();
        const under = { ...pipeline, contracts: contractsOf(changed) };
        pipeline.control.beforeWrite = (key) => {
            if (key.startsWith('control/staged-under')) throw new Error('killed');
        };
        await expect(sweep(under)).rejects.toThrow('killed');
        pipeline.control.beforeWrite = () => undefined;
        await sweep(under);

        expect(pipeline.executions.started).toEqual([`ingest/${id}-2`]);
        expect((await pipeline.control.read('control/staged-under/orders'))?.value).toBe(changed.fingerprint);
    });

    it('leaves objects alone that were staged under it already, and those the ledger has forgotten', async () => {
        await built(aStagedObject(undefined, { contractFingerprint: changed.fingerprint }));
        await register(
            pipeline.control,
            'orders',
            { id: 'forgotten', key: 'k', landedAt: '' },
            aStagedObject(),
            undefined,
        );

        expect(await sweep({ ...pipeline, contracts: contractsOf(changed) })).toEqual(nothing);
    });

    it('stages objects again one time however many sweep at once', async () => {
        await built();
        const under = { ...pipeline, contracts: contractsOf(changed) };
        await Promise.all([sweep(under), sweep(under), sweep(under)]);

        expect(pipeline.executions.started).toEqual([`ingest/${id}-2`]);
    });
});
