import { describe, expect, it } from 'vitest';
import type { Admission } from '#core/ingest/admit.ts';
import { ledgerId } from '#core/ledger/entry.ts';
import type { ObjectRef } from '#core/types.ts';
import { type Handler, handlerOf, type Stage } from '#lambdas/_chain/chain.ts';
import { admitStage } from '#lambdas/admit/handler.ts';
import { failStage } from '#lambdas/fail/handler.ts';
import { probeStage } from '#lambdas/probe/handler.ts';
import { registerStage } from '#lambdas/register/handler.ts';
import { rejectStage } from '#lambdas/reject/handler.ts';
import { stageStage } from '#lambdas/stage/handler.ts';
import { sweepStage } from '#lambdas/sweep/handler.ts';
import { zipOf } from '#test/support/archives.ts';
import { testDatabase } from '#test/support/duckdb.ts';
import { createFakeTelemetry } from '#test/support/fakes/telemetry.ts';
import { anIngest } from '../core/ingest/pipeline.ts';

const database = testDatabase('staging');
const GOOD = 'order_id,ordered_at\n1,2026-01-01 10:00:00\nx,2026-01-01\n';

const call = (handler: Handler, event: unknown) =>
    handler(event, { awsRequestId: 'r', functionName: 'f', getRemainingTimeInMillis: () => 60_000 });

function handlers() {
    const ingest = anIngest(database);
    const admissions: Admission[] = [];
    const failures: unknown[] = [];
    const context = {
        ...ingest.context,
        onAdmission: (admission: Admission) => admissions.push(admission),
        onFailure: (error: unknown) => failures.push(error),
    };
    const run = <Input, Output>(stage: Stage<typeof context, Input, Output>, event: unknown) =>
        call(handlerOf(stage, context, createFakeTelemetry()), event);
    return { ...ingest, admissions, failures, run };
}

const created = ({ bucket, key, version }: ObjectRef, versionField: 'version-id' | 'etag' = 'version-id') =>
    JSON.stringify({
        'detail-type': 'Object Created',
        source: 'aws.s3',
        detail: { bucket: { name: bucket }, object: { key, [versionField]: version, size: 1 } },
    });

describe('admit', () => {
    it('admits each message of a batch and gives back only those that failed', async () => {
        const { run, land, context, admissions, failures } = handlers();
        const object = await land('landing/orders/o.csv', GOOD);
        const other = await land('landing/orders/p.csv', GOOD);
        context.executions.beforeStart = (key) => {
            if (key.includes(ledgerId(other))) throw new Error('throttled');
        };
        const Records = [
            { messageId: '1', body: created(object) },
            { messageId: '2', body: 'no JSON' },
            { messageId: '3', body: JSON.stringify({ 'detail-type': 'Object Deleted', detail: {} }) },
            { messageId: '4', body: created(other) },
            { messageId: '5', body: created(object) },
        ];

        expect(await run(admitStage, { Records })).toEqual({
            batchItemFailures: [{ itemIdentifier: '2' }, { itemIdentifier: '3' }, { itemIdentifier: '4' }],
        });
        expect(admissions.map(({ outcome }) => outcome)).toEqual(['started', 'known']);
        expect(failures).toHaveLength(3);
    });

    it('takes the etag for the version in a bucket without versions', async () => {
        const { run, land, admissions } = handlers();
        const object = await land('landing/orders/o.csv', GOOD);
        await run(admitStage, { Records: [{ messageId: '1', body: created(object, 'etag') }] });

        expect(admissions).toMatchObject([{ outcome: 'started', entry: { object } }]);
    });

    it('refuses what is no batch', async () => {
        await expect(handlers().run(admitStage, { records: [] })).rejects.toThrow(
            'The input of admit is wrong: Records:',
        );
    });
});

async function admitted(text = GOOD) {
    const all = handlers();
    const object = await all.land('landing/orders/o.csv', text);
    await all.run(admitStage, { Records: [{ messageId: '1', body: created(object) }] });
    return { ...all, id: ledgerId(object) };
}

describe('the stages of an ingest', () => {
    it('hand on ids and counts', async () => {
        const { run, id } = await admitted();

        expect(await run(probeStage, { id })).toEqual({
            dataset: 'orders',
            format: 'csv',
            columns: 2,
            compression: 'none',
            encoding: 'utf-8',
        });
        const staged = await run(stageStage, { id, run: `${id}-1` });
        expect(staged).toEqual({ summaryKey: expect.stringContaining(id), read: 2, accepted: 1, rejected: 1 });
        const { summaryKey } = staged as { summaryKey: string };
        expect(await run(registerStage, { id, summaryKey })).toEqual({ build: 1 });
    });

    it('fail by the name of what is wrong', async () => {
        const { run, id } = await admitted('a,b\n');

        await expect(run(probeStage, { id })).rejects.toMatchObject({ name: 'ContractError' });
        await expect(run(stageStage, { id, run: 'r' })).rejects.toMatchObject({ name: 'ContractError' });
        await expect(run(registerStage, { id, summaryKey: 'nothing' })).rejects.toMatchObject({
            name: 'PipelineError',
        });
    });

    it('looks into the directory of an archive, and rejects one that has none', async () => {
        const { run, land, context } = handlers();
        const received = async (bytes: Buffer) => {
            const object = await land('landing/orders/o.zip', bytes);
            return (await context.ledger.receive({ object, dataset: 'orders', size: 1, landedAt: context.now() })).entry
                .id;
        };
        const archive = await zipOf({ 'a.csv': GOOD, 'b.zip': await zipOf({ 'c.csv': GOOD }) });

        expect(await run(probeStage, { id: await received(archive) })).toMatchObject({ format: 'zip', parts: 2 });
        expect(await run(stageStage, { id: await received(archive), run: 'x-1' })).toMatchObject({
            read: 4,
            accepted: 2,
        });
        await expect(run(probeStage, { id: await received(archive.subarray(0, 50)) })).rejects.toMatchObject({
            name: 'ContractError',
        });
    });
});

it('sweep says what it restarted, whatever its schedule says', async () => {
    const { run, id, context } = await admitted();
    context.executions.end(`ingest/${id}-1`, 'ABORTED');

    expect(await run(sweepStage, { source: 'aws.events' })).toEqual({ restarted: 1, rejected: 0, restaged: 0 });
});

describe('the ends of an ingest', () => {
    const long = 'x'.repeat(20_000);

    it('reject writes the whole reason to the ledger and hands on its beginning', async () => {
        const { run, id, context } = await admitted();
        const error = { Error: 'ContractError', Cause: JSON.stringify({ errorMessage: long }) };

        expect(await run(rejectStage, { id, error })).toEqual({ reason: long.slice(0, 2000) });
        expect(await context.ledger.find(id)).toMatchObject({ state: 'rejected', reason: long });
    });

    it('fail notes the reason and leaves the object received', async () => {
        const { run, id, context } = await admitted();

        expect(await run(failStage, { id, error: { Error: 'States.Timeout' } })).toEqual({ reason: 'States.Timeout' });
        expect(await context.ledger.find(id)).toMatchObject({ state: 'received', reason: 'States.Timeout' });
    });
});
