import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Contract } from '#core/contracts/contract.ts';
import type { ContractSource } from '#core/contracts/source.ts';
import { ConflictError, TransientError, UsageError } from '#core/errors.ts';
import { extractDataset } from '#core/extract/extract.ts';
import type { SourceReader, SourceRequest, SourceRows } from '#core/extract/ports.ts';
import type { ObjectRef } from '#core/types.ts';
import { aContract } from '#test/support/builders.ts';
import { createMemoryControl } from '#test/support/fakes/memory-control.ts';

function aSourceContract(changes: Partial<ContractSource> = {}): Contract {
    const source: ContractSource = {
        server: 'shop',
        schema: 'public',
        from: { kind: 'table', table: 'orders' },
        mode: 'snapshot',
        watermarkColumn: undefined,
        overlapSeconds: 0,
        schedule: undefined,
        timeoutSeconds: 5,
        ...changes,
    };
    return { ...aContract(), source };
}

/** A database that says these rows; the hash is the text itself. */
function aReader(text: string, found: Partial<SourceRows> = {}): SourceReader & { asked: SourceRequest[] } {
    const asked: SourceRequest[] = [];
    return {
        asked,
        async read(request) {
            asked.push(request);
            await writeFile(request.path, text);
            const measures = { rows: text === '' ? 0 : 1, bytes: text.length, hash: text };
            return { ...measures, watermark: undefined, tailHash: undefined, advice: [], ...found };
        },
    };
}

function aLandingArea() {
    const landed: string[] = [];
    let second = 0;
    const context = {
        control: createMemoryControl(),
        now: () => new Date(Date.UTC(2026, 0, 1, 2, 0, second++)).toISOString(),
        blobs: { scratch: () => mkdtemp(join(tmpdir(), 'cartlake-extract-')) },
        removeScratch: (folder: string) => rm(folder, { recursive: true, force: true }),
        landing: {
            async land(key: string): Promise<ObjectRef> {
                landed.push(key);
                return { bucket: 'lake', key, version: `v${landed.length}` };
            },
        },
    };
    return { context, landed };
}

describe('an extract of snapshots', () => {
    it('lands under the time of the extract, and once while nothing changes', async () => {
        const { context, landed } = aLandingArea();
        const first = await extractDataset(context, aSourceContract(), aReader('A'));
        const second = await extractDataset(context, aSourceContract(), aReader('A'));

        expect(first).toMatchObject({ dataset: 'orders', outcome: 'landed', rows: 1, object: { key: landed[0] } });
        expect(second).toMatchObject({ outcome: 'unchanged', object: undefined });
        expect(landed).toEqual(['landing/orders/orders_20260101T020000000Z.csv']);
    });

    it('lands what was there before as new when something else was there in between', async () => {
        const { context, landed } = aLandingArea();
        for (const text of ['A', 'B', 'A']) await extractDataset(context, aSourceContract(), aReader(text));

        expect(landed).toHaveLength(3);
        expect(new Set(landed).size).toBe(3);
    });

    it('lands nothing of a table without rows, also when it had some', async () => {
        const { context, landed } = aLandingArea();
        expect(await extractDataset(context, aSourceContract(), aReader(''))).toMatchObject({ outcome: 'empty' });
        await extractDataset(context, aSourceContract(), aReader('A'));
        expect(await extractDataset(context, aSourceContract(), aReader(''))).toMatchObject({ outcome: 'empty' });

        expect(landed).toHaveLength(1);
    });

    it('lands again after a crash between the intent and the end, even what the last known extract was', async () => {
        const { context, landed } = aLandingArea();
        await extractDataset(context, aSourceContract(), aReader('A'));
        const crash = {
            ...context,
            landing: { land: async () => Promise.reject(new TransientError('the disk is full')) },
        };
        await expect(extractDataset(crash, aSourceContract(), aReader('B'))).rejects.toThrow('the disk is full');

        expect(await extractDataset(context, aSourceContract(), aReader('A'))).toMatchObject({ outcome: 'landed' });
        expect(await extractDataset(context, aSourceContract(), aReader('A'))).toMatchObject({ outcome: 'unchanged' });
        expect(landed).toHaveLength(2);
    });

    it('lands nothing when the database breaks', async () => {
        const { context, landed } = aLandingArea();
        const broken: SourceReader = { read: async () => Promise.reject(new TransientError('it is stopping')) };

        await expect(extractDataset(context, aSourceContract(), broken)).rejects.toThrow('it is stopping');
        expect(landed).toEqual([]);
        expect(await context.control.read('control/extracts/orders')).toBeUndefined();
    });

    it('gives way to an extract that ended meanwhile: it has read older rows', async () => {
        const { context, landed } = aLandingArea();
        const slow: SourceReader = {
            async read(request) {
                await extractDataset(context, aSourceContract(), aReader('newer'));
                return aReader('older').read(request);
            },
        };

        const late = extractDataset(context, aSourceContract(), slow);

        await expect(late).rejects.toThrow(ConflictError);
        await expect(late).rejects.toThrow(/^Another extract of orders ended while this one read\. Nothing was landed/);
        expect(landed).toHaveLength(1);
    });
});

describe('an incremental extract', () => {
    const contract = aSourceContract({ mode: 'incremental', watermarkColumn: 'updated_at' });

    it('reads on from the watermark of what it landed, and not before that landed', async () => {
        const { context } = aLandingArea();
        const first = aReader('one', { watermark: '10', tailHash: 'tail of one' });
        await extractDataset(context, contract, first);
        const crash = { ...context, landing: { land: async () => Promise.reject(new TransientError('away')) } };
        const second = aReader('two', { watermark: '20', tailHash: 'tail of two' });
        await expect(extractDataset(crash, contract, second)).rejects.toThrow('away');
        const third = aReader('two', { watermark: '20', tailHash: 'tail of two' });
        await extractDataset(context, contract, third);
        const fourth = aReader('tail of two', { watermark: '20', tailHash: 'tail of two' });
        const last = await extractDataset(context, contract, fourth);

        const watermarks = [first, second, third, fourth].map(({ asked }) => asked[0]?.after);
        expect(watermarks).toEqual([undefined, '10', '10', '20']);
        expect(last.outcome).toBe('unchanged');
    });

    it('has nothing to do when there is nothing beyond the watermark', async () => {
        const { context } = aLandingArea();
        expect(await extractDataset(context, contract, aReader(''))).toMatchObject({ outcome: 'empty' });
        await extractDataset(context, contract, aReader('one', { watermark: '10', tailHash: 'nothing' }));

        expect(await extractDataset(context, contract, aReader(''))).toMatchObject({ outcome: 'unchanged' });
    });
});

describe('an extract of a dataset without a database', () => {
    it('is refused with where to name one', async () => {
        const { context } = aLandingArea();
        const refused = extractDataset(context, aContract(), aReader('A'));

        await expect(refused).rejects.toThrow(UsageError);
        await expect(refused).rejects.toThrow('The contract of orders names no database to extract from.');
    });
});
