import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROJECT_ROOT } from '#embedded/project.ts';
import { emptyLake, fingerprintOf, ingest, removeLake, shopFiles, withRuntime } from './lake.ts';

const SHOP = { users: 120, seed: 7, days: 12, sessionsPerUser: 2, dirty: 0.01 };
/** Each costs some four seconds; the project's full check sets more. */
const KILLS = Number(process.env.CARTLAKE_KILLS ?? 5);
const PROCESS = join(PROJECT_ROOT, 'test', 'support', 'ingest-process.ts');

let source: string;
let files: string[];
let expected: Record<string, string | number>;

/** Ingests in a process of its own; kills it with SIGKILL after some milliseconds, if given. */
function ingestProcess(lake: string, order: readonly string[], killAfter?: number): Promise<number | null> {
    return new Promise((resolve, reject) => {
        const child = spawn(process.execPath, [PROCESS, lake, ...order], {
            cwd: PROJECT_ROOT,
            stdio: ['ignore', 'ignore', 'pipe'],
        });
        let complaints = '';
        child.stderr.on('data', (chunk: Buffer) => {
            complaints += chunk.toString();
        });
        const timer = killAfter === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfter);
        child.on('close', (code) => {
            clearTimeout(timer);
            if (code !== 0 && killAfter === undefined) reject(new Error(complaints));
            else resolve(code);
        });
    });
}

/** The same numbers for the same seed. */
function randomOf(seed: number): () => number {
    let state = seed;
    return () => {
        state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
        return state / 2 ** 31;
    };
}

beforeAll(async () => {
    source = await emptyLake();
    files = await shopFiles(source, SHOP);
    const lake = await emptyLake();
    await withRuntime(lake, (runtime) => ingest(runtime, files));
    expected = await fingerprintOf(lake);
    await removeLake(lake);
});

afterAll(() => removeLake(source));

describe('each file counts once', () => {
    it('leaves nothing unfinished after a plain run', () => {
        expect(expected).toMatchObject({ 'ledger entries': 5, 'unfinished objects': 0, 'scratch folders': 0 });
    });

    it('gives the same marts and rows for the files again and in another order', async () => {
        const lake = await emptyLake();
        await withRuntime(lake, async (runtime) => {
            for (const file of files.toReversed()) await ingest(runtime, [file]);
            await ingest(runtime, files);
        });

        expect(await fingerprintOf(lake)).toEqual(expected);
        await removeLake(lake);
    });

    it('gives the same marts and rows when two processes bring the files at once', async () => {
        const lake = await emptyLake();
        await Promise.all([ingestProcess(lake, files), ingestProcess(lake, files.toReversed())]);

        expect(await fingerprintOf(lake)).toEqual(expected);
        await removeLake(lake);
    });

    it(`gives the same marts and rows after kill -9 at ${KILLS} random moments, each followed by a rerun`, async () => {
        const random = randomOf(20);
        for (let round = 0; round < KILLS; round++) {
            const lake = await emptyLake();
            const moment = Math.round(250 + random() * 2_000);
            await ingestProcess(lake, files, moment);
            await ingestProcess(lake, files);

            expect(await fingerprintOf(lake), `killed after ${moment} ms`).toEqual(expected);
            await removeLake(lake);
        }
    }, 480_000);
});
