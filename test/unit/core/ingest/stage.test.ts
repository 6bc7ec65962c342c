import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readRequests } from '#core/build/requests.ts';
import { ContractError, PipelineError } from '#core/errors.ts';
import { admit } from '#core/ingest/admit.ts';
import { register, reject } from '#core/ingest/register.ts';
import { entryWithContract, stage } from '#core/ingest/stage.ts';
import { objectsOf } from '#core/registry/registry.ts';
import { aColumn, aContract, contractsOf } from '#test/support/builders.ts';
import { testDatabase } from '#test/support/duckdb.ts';
import { anIngest } from './pipeline.ts';

const database = testDatabase('staging');
const GOOD = 'order_id,ordered_at,status,total\n1,2026-01-01 10:00:00,open,5\n2,2026-02-01 10:00:00,paid,7.50\n';

async function admitted(content: string | Buffer = GOOD) {
    const ingest = anIngest(database);
    const admission = await admit(ingest.context, await ingest.land('landing/orders/o.csv', content));
    if (!('entry' in admission)) throw new Error('not admitted');
    return { ...ingest, id: admission.entry.id };
}

const place = (id: string) => `orders/${id}/${aContract().fingerprint.slice(0, 8)}`;

describe('staging an object', () => {
    it('writes accepted rows and a summary, and tells Register where it is', async () => {
        const { context, id } = await admitted();
        const { summaryKey, staged } = await stage(context, id, 'run-1');

        expect(summaryKey).toBe(`staging/${place(id)}/staged.json`);
        expect(staged).toEqual({
            contractVersion: '1.0.0',
            contractFingerprint: aContract().fingerprint,
            rows: { read: 2, accepted: 2, rejected: 0 },
            reasons: {},
            files: [`staging/${place(id)}/part-0.parquet`],
            quarantine: undefined,
            dates: { '2026-01-01': 1, '2026-02-01': 1 },
            newest: '2026-02-01T10:00:00.000Z',
            extraColumns: [],
        });
        expect([...context.blobs.files.keys()].sort()).toEqual([
            `staging/${place(id)}/part-0.parquet`,
            `staging/${place(id)}/staged.json`,
        ]);
    });

    it('puts rejected rows into quarantine and notes extra columns', async () => {
        const { context, id } = await admitted('order_id,ordered_at,channel\n1,2026-01-01,web\nx,never,app\n');
        const { staged } = await stage(context, id, 'run-1');

        expect(staged).toMatchObject({
            rows: { read: 2, accepted: 1, rejected: 1 },
            reasons: { 'order_id: not_an_integer': 1, 'ordered_at: not_a_timestamp': 1 },
            quarantine: `quarantine/${place(id)}.parquet`,
            extraColumns: ['channel'],
        });
        expect(context.blobs.files.has(`quarantine/${place(id)}.parquet`)).toBe(true);
    });

    it('of which no row is acceptable leaves only quarantine', async () => {
        const { context, id } = await admitted('order_id,ordered_at\nx,2026-01-01\n');
        const { staged } = await stage(context, id, 'run-1');

        expect(staged).toMatchObject({
            rows: { read: 1, accepted: 0, rejected: 1 },
            files: [],
            dates: {},
            newest: undefined,
        });
    });

    it('reads compressed files of other encodings as what they hold', async () => {
        const plain = await admitted();
        const zipped = await admitted(gzipSync(Buffer.from(`\ufeff\n${GOOD}`, 'utf16le')));
        const { staged } = await stage(zipped.context, zipped.id, 'run-1');

        expect({ ...staged, files: [] }).toEqual({
            ...(await stage(plain.context, plain.id, 'run-1')).staged,
            files: [],
        });
    });

    it('refuses a file that decompresses to more than one may hold', async () => {
        const { context, id } = await admitted(gzipSync(GOOD));

        await expect(stage({ ...context, maxFileBytes: 10 }, id, 'run-1')).rejects.toThrow('Split it.');
    });

    it('gives the same again', async () => {
        const { context, id } = await admitted();

        expect(await stage(context, id, 'run-2')).toEqual(await stage(context, id, 'run-1'));
    });

    it('refuses a file that does not fit', async () => {
        const { context, id } = await admitted('a,b\n1,2\n');

        await expect(stage(context, id, 'run-1')).rejects.toThrow(ContractError);
        expect(context.blobs.files.size).toBe(0);
    });

    it('needs an object the ledger knows, of a dataset with a contract', async () => {
        const { context, id } = await admitted();

        await expect(entryWithContract(context, 'nobody')).rejects.toThrow(PipelineError);
        await expect(entryWithContract(context, 'nobody')).rejects.toThrow(
            'The ledger has no object nobody with a known dataset. Ingest the file again.',
        );
        await expect(entryWithContract({ ...context, contracts: new Map() }, id)).rejects.toThrow(
            'with a known dataset',
        );
    });
});

describe('registering what was staged', () => {
    it('shows it to builds and asks for one', async () => {
        const { context, id } = await admitted();
        const { summaryKey } = await stage(context, id, 'run-1');

        expect(await register(context, id, summaryKey)).toEqual({ build: 1 });
        expect(await objectsOf(context.control, 'orders')).toMatchObject([
            { id, rows: 2, shards: ['2026-01', '2026-02'] },
        ]);
        expect(await context.ledger.find(id)).toMatchObject({ state: 'staged', staged: { rows: { accepted: 2 } } });
        expect(context.executions.started.at(-1)).toBe('build/build-1-1');
    });

    it('heals a crash at any write', async () => {
        for (let nth = 1; ; nth++) {
            const { context, id } = await admitted();
            const { summaryKey } = await stage(context, id, 'run-1');
            let writes = 0;
            context.control.beforeWrite = () => {
                if (++writes === nth) throw new Error('killed');
            };
            const isDone = await register(context, id, summaryKey).then(
                () => true,
                () => false,
            );
            context.control.beforeWrite = () => undefined;
            await register(context, id, summaryKey);

            expect(await objectsOf(context.control, 'orders')).toHaveLength(1);
            expect((await context.ledger.find(id))?.state).toBe('staged');
            const { requested, built, owner } = await readRequests(context.control);
            expect(requested > built && owner !== undefined).toBe(true);
            if (isDone) return;
        }
    });

    it('replaces what an earlier contract staged', async () => {
        const { context, id } = await admitted();
        await register(context, id, (await stage(context, id, 'run-1')).summaryKey);
        const undated = aContract({ dateColumn: undefined, columns: [...aContract().columns, aColumn('channel')] });
        const under = { ...context, contracts: contractsOf(undated) };
        await context.ledger.reopen(id);
        await register(under, id, (await stage(under, id, 'run-2')).summaryKey);

        expect(await objectsOf(context.control, 'orders')).toMatchObject([
            { id, shards: ['all'], contractFingerprint: undated.fingerprint, rows: 2 },
        ]);
    });

    it('says when Stage left no summary', async () => {
        const { context, id } = await admitted();

        await expect(register(context, id, 'staging/nothing.json')).rejects.toThrow(
            `Stage left no summary at staging/nothing.json. Run the ingest execution of ${id} again.`,
        );
    });
});

describe('rejecting an object', () => {
    it('writes the reason down', async () => {
        const { context, id } = await admitted();
        await reject(context, id, 'no such column');

        expect(await context.ledger.find(id)).toMatchObject({ state: 'rejected', reason: 'no such column' });
        expect((await readRequests(context.control)).requested).toBe(0);
    });

    it('takes rows of an earlier attempt out of the builds, and asks for one', async () => {
        const { context, id } = await admitted();
        await register(context, id, (await stage(context, id, 'run-1')).summaryKey);
        await context.ledger.reopen(id);
        await reject(context, id, 'the contract is strict now');

        expect(await objectsOf(context.control, 'orders')).toEqual([]);
        expect((await readRequests(context.control)).requested).toBe(2);
    });

    it('needs an object the ledger knows', async () => {
        const { context } = await admitted();

        await expect(reject(context, 'nobody', '')).rejects.toThrow('The ledger has no object nobody.');
    });
});
