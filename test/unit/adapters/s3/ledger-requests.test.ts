import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createS3Blobs } from '#adapters/s3/blobs.ts';
import { createS3Control } from '#adapters/s3/control.ts';
import { createS3Landing } from '#adapters/s3/landing.ts';
import { createCatalog } from '#core/catalog/catalog.ts';
import { admit } from '#core/ingest/admit.ts';
import { entryKey, ledgerId } from '#core/ledger/entry.ts';
import { createLedger } from '#core/ledger/ledger.ts';
import { sweep } from '#core/ledger/sweep.ts';
import { compileModels } from '#core/models/compile.ts';
import { lakeStatus } from '#core/status/lake-status.ts';
import { aContract, contractsOf } from '#test/support/builders.ts';
import { createFakeExecutions } from '#test/support/fakes/executions.ts';
import { createMemoryS3 } from '#test/support/fakes/memory-s3.ts';
import { temporaryFolder } from '#test/support/temporary.ts';
import { aModel } from '#test/support/tiny-lake.ts';
import { fillLedger } from '../../../../bench/tasks/finished-ledger.ts';

/** Requests to S3 by what asks for them, with so many finished objects in the ledger. */
async function requestsWith(objects: number): Promise<Record<'admit' | 'sweep' | 'status' | 'fold', string[]>> {
    const s3 = createMemoryS3({ versioned: ['landing'] });
    const control = createS3Control(s3.client, 'lake');
    const blobs = createS3Blobs(s3.client, 'lake');
    await fillLedger(control, objects);
    const now = () => '2026-06-01T00:00:00.000Z';
    const contracts = contractsOf(aContract({ dataset: 'events' }));
    const context = {
        contracts,
        graph: compileModels({
            files: [aModel('days', 'kind: table', `select * from {{ ref('events') }}`)],
            typescriptModels: [],
            datasets: ['events'],
            dateDatasets: [],
        }),
        landing: createS3Landing(s3.client, 'landing'),
        blobs,
        control,
        ledger: createLedger(control, now),
        catalog: createCatalog(control, blobs),
        executions: createFakeExecutions(),
        now,
    };
    await sweep(context);
    const source = join(await temporaryFolder(), 'o.csv');
    await writeFile(source, 'x');
    const ref = await context.landing.land('landing/events/one-more.csv', source);

    const id = ledgerId(ref);

    async function during(work: () => Promise<unknown>): Promise<string[]> {
        s3.requests.length = 0;
        await work();
        return s3.requests.map((request) => request.replace(entryKey(id), 'ENTRY').replace(id, 'ID'));
    }

    return {
        admit: await during(() => admit(context, ref)),
        sweep: await during(() => sweep(context)),
        status: await during(() => lakeStatus(context, undefined)),
        fold: await during(async () => {
            await context.ledger.markRejected(id, 'It was only counted.');
            await context.ledger.fold();
        }),
    };
}

describe('requests to S3', () => {
    it('are the same with 100,000 objects in the ledger as with 1,000', async () => {
        const few = await requestsWith(1_000);
        const many = await requestsWith(100_000);

        expect(many).toEqual(few);
        const counts = Object.entries(few).map(([what, requests]) => [what, requests.length]);
        expect(Object.fromEntries(counts)).toEqual({ admit: 5, sweep: 7, status: 10, fold: 19 });
    }, 60_000);
});
