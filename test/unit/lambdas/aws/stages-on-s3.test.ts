import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readRequests } from '#core/build/requests.ts';
import { generateShop } from '#core/generate/shop.ts';
import type { LedgerEntry } from '#core/ledger/entry.ts';
import { ledgerId } from '#core/ledger/entry.ts';
import { startReplay } from '#core/replay/start-replay.ts';
import type { ObjectRef } from '#core/types.ts';
import { STAGE_NAMES } from '#lambdas/_aws/permissions.ts';
import type { Stage } from '#lambdas/_chain/chain.ts';
import { loadContracts, PROJECT_ROOT } from '#lambdas/_project/project.ts';
import { createPipelineOnS3, type PipelineOnS3 } from './pipeline-on-s3.ts';

let folder: string;
let temporary: string;
let pipeline: PipelineOnS3;

const objectCreated = ({ bucket, key, version }: ObjectRef) => ({
    'detail-type': 'Object Created',
    detail: { bucket: { name: bucket }, object: { key, 'version-id': version } },
});

async function deliver(...bodies: readonly unknown[]): Promise<unknown> {
    const Records = bodies.map((body, index) => ({ messageId: `m-${index}`, body: JSON.stringify(body) }));
    const answer = await pipeline.call('admit', { Records });
    await pipeline.idle();
    return answer;
}

async function entryOf(ref: ObjectRef): Promise<LedgerEntry | undefined> {
    const id = ledgerId(ref);
    return (await pipeline.control.read<LedgerEntry>(`control/ledger/${id.slice(0, 2)}/${id}`))?.value;
}

async function landText(key: string, text: string): Promise<ObjectRef> {
    const path = join(folder, 'source.csv');
    await writeFile(path, text);
    return pipeline.land(key, path);
}

beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cartlake-aws-'));
    temporary = await mkdtemp(join(tmpdir(), 'cartlake-aws-tmp-'));
    vi.stubEnv('TMPDIR', temporary);
    const stages = await Promise.all(
        STAGE_NAMES.map(async (name) => {
            const module: Record<string, unknown> = await import(`../../../../lambdas/${name}/handler.ts`);
            return module[`${name}Stage`] as Stage<never, unknown, unknown>;
        }),
    );
    pipeline = await createPipelineOnS3(folder, stages);
});

afterAll(async () => {
    vi.unstubAllEnvs();
    for (const path of [folder, temporary]) await rm(path, { recursive: true, force: true });
});

describe('the stages on S3, each with no more than its grants', { timeout: 120_000 }, () => {
    it('bring a shop from landed files to published tables and reports', async () => {
        const refs: ObjectRef[] = [];
        for (const { name, chunks } of generateShop({ users: 60, seed: 7, days: 10, dirty: 0.05 }).files) {
            const path = join(folder, name);
            await writeFile(path, [...chunks].join(''));
            refs.push(await pipeline.land(`landing/${basename(name).replace(/[-.].*$/, '')}/${name}`, path));
        }
        const answer = await deliver(...refs.map(objectCreated));

        expect(pipeline.failures).toEqual([]);
        expect(answer).toEqual({ batchItemFailures: [] });
        const states = await Promise.all(refs.map(async (ref) => (await entryOf(ref))?.state));
        expect(new Set(states)).toEqual(new Set(['built']));
        expect(pipeline.published.find((table) => table.startsWith('user_outcomes: '))).toBeDefined();
        const keys = [...pipeline.objects.keys()];
        expect(keys.some((key) => /^lake\/reports\/experiments\/.*\/index\.html$/.test(key))).toBe(true);
        expect(keys.some((key) => key.startsWith('lake/quarantine/events/'))).toBe(true);
        expect(await pipeline.control.list('control/open')).toEqual([]);
    });

    it('leave nothing on the disk of their function but room for DuckDB and parts of tables', async () => {
        const kept = /^cartlake-(duckdb|parts-\w+)$/;
        expect((await readdir(temporary)).filter((name) => !kept.test(name))).toEqual([]);
    });

    it('read landed files again as a list says, and build once', async () => {
        const objects = await Promise.all(
            (await pipeline.control.list('control/ledger')).map((key) => pipeline.control.read<LedgerEntry>(key)),
        );
        const before = objects.flatMap((found) => found?.value ?? []);
        const requested = async () => (await readRequests(pipeline.control)).requested;
        const [asked, published] = [await requested(), pipeline.published.length];
        const contracts = await loadContracts(join(PROJECT_ROOT, 'contracts'));
        const name = (await startReplay({ ...pipeline, contracts }, before)) as string;
        await pipeline.idle();

        expect(pipeline.failures).toEqual([]);
        expect(await pipeline.executions.status('replay', name)).toBe('SUCCEEDED');
        for (const { object, attempt, staged } of before) {
            const after = await entryOf(object);
            expect(after).toMatchObject({ state: 'built', attempt: attempt + 1 });
            expect(after?.staged?.rows).toEqual(staged?.rows);
        }
        expect(await requested()).toBe(asked + 1);
        expect(pipeline.published).toHaveLength(published);
    });

    it('reject a file that does not fit, and only that one', async () => {
        const ref = await landText('landing/users/users.csv', 'a,b\n1,2\n');
        await deliver(objectCreated(ref), { nonsense: true });

        const entry = await entryOf(ref);
        expect(entry?.state).toBe('rejected');
        expect(entry?.reason).toContain('users');
        expect(pipeline.failures.splice(0).join()).toContain('Object Created');
    });

    it('note why nothing could be done, and sweep up what got stuck', async () => {
        const ref = await landText('landing/nobody-knows/x.bin', 'x');
        await deliver(objectCreated(ref));
        const known = await landText('landing/users/late.csv', 'a,b\n1,2\n');
        const id = ledgerId(known);
        await pipeline.control.create(`control/open/${id}`, {});
        const updatedAt = '2026-01-01T00:00:00.000Z';
        const stuck = { id, object: known, dataset: 'users', size: 8, state: 'received', attempt: 1, updatedAt };
        await pipeline.control.create(`control/ledger/${id.slice(0, 2)}/${id}`, stuck);
        const noted = await pipeline.call('fail', { id, error: { Error: 'States.Timeout', Cause: '' } });
        const swept = await pipeline.call('sweep', { 'detail-type': 'Scheduled Event' });
        await pipeline.idle();

        expect(noted).toEqual({ reason: 'States.Timeout' });
        expect(swept).toEqual({ restarted: 1, rejected: 0, restaged: 0 });
        expect((await entryOf(known))?.state).toBe('rejected');
        pipeline.failures.splice(0);
    });

    it('halt one model of a build that runs', async () => {
        const halted = await pipeline.call('halt', {
            run: 'build-9-9',
            model: 'dim_users',
            error: { Error: 'DataError', Cause: '{"errorMessage":"a check failed"}' },
        });

        expect(halted).toEqual({ model: 'dim_users' });
        const [stored] = pipeline.objects.get('lake/runs/build-9-9/halted/dim_users.json') ?? [];
        expect(JSON.parse(String(stored?.body))).toEqual({
            model: 'dim_users',
            reason: 'a check failed',
            at: expect.stringMatching(/Z$/),
        });
    });

    it('extract a dataset from its database, once while it does not change', async () => {
        const first = await pipeline.call('extract', { dataset: 'customers' });
        const second = await pipeline.call('extract', { dataset: 'customers' });
        const landed = [...pipeline.objects.keys()].filter((key) => key.startsWith('landing/landing/customers/'));

        expect(first).toMatchObject({ dataset: 'customers', outcome: 'landed', rows: 1, advice: ['look'] });
        expect(second).toMatchObject({ outcome: 'unchanged', landed: null });
        expect(landed).toEqual([`landing/${(first as { landed: { key: string } }).landed.key}`]);
    });

    it('refuse to extract what is no dataset, or has no database', async () => {
        await expect(pipeline.call('extract', { dataset: 'nobody' })).rejects.toThrow('There is no dataset "nobody".');
        await expect(pipeline.call('extract', { dataset: 'users' })).rejects.toThrow('names no database');
        pipeline.failures.splice(0);
    });

    it('have all been called by these tests', () => {
        expect([...pipeline.called].sort()).toEqual([...STAGE_NAMES].sort());
    });
});
