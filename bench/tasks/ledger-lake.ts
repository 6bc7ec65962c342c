import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createFolderControl } from '#adapters/folder/control.ts';
import { admit } from '#core/ingest/admit.ts';
import { executionName, ledgerId } from '#core/ledger/entry.ts';
import { sweep } from '#core/ledger/sweep.ts';
import { lakeStatus } from '#core/status/lake-status.ts';
import { loadProject, PROJECT_ROOT } from '#embedded/project.ts';
import { createRuntime } from '#embedded/runtime.ts';
import { fillLedger } from './finished-ledger.ts';

/** A lake whose ledger already holds some thousands of finished objects. */
export interface LedgerLake {
    /** Seconds of one more object taken in, of a sweep that finds nothing, of a status. */
    measure(): Promise<Readonly<Record<'admit' | 'sweep' | 'status', number>>>;
    close(): Promise<void>;
}

/** Writes the documents that so many ingested and built objects leave, and opens the lake. */
export async function ledgerLake(folder: string, objects: number): Promise<LedgerLake> {
    await fill(folder, objects);
    const project = await loadProject(join(PROJECT_ROOT, 'contracts'), join(PROJECT_ROOT, 'models'));
    const runtime = await createRuntime({ lake: folder, project, holdBuilds: true });
    const { context } = runtime;
    const resting = { ...context.executions, start: async () => undefined };
    await sweep({ ...context, executions: resting });
    return {
        async measure() {
            const source = join(folder, 'source.csv');
            await writeFile(source, randomUUID());
            const ref = await context.landing.land('landing/events/one-more.csv', source);
            const timed = {
                admit: await secondsOf(() => admit({ ...context, executions: resting }, ref)),
                sweep: await secondsOf(() => sweep({ ...context, executions: resting })),
                status: await secondsOf(() => lakeStatus(context, undefined)),
            };
            // The next time finds the ledger as large as this time did.
            await context.ledger.markRejected(ledgerId(ref), 'It was only measured.');
            await context.ledger.fold();
            return timed;
        },
        close: () => runtime.close(),
    };
}

async function fill(folder: string, objects: number): Promise<void> {
    await mkdir(join(folder, 'executions', 'ingest'), { recursive: true });
    const entries = await fillLedger(createFolderControl(folder), objects);
    for (let start = 0; start < objects; start += 500) {
        const some = entries.slice(start, start + 500);
        await Promise.all(
            some.map(async (entry) => {
                const name = executionName(entry);
                const execution = JSON.stringify({ machine: 'ingest', name, status: 'SUCCEEDED', input: {} });
                await writeFile(join(folder, 'executions', 'ingest', `${name}.json`), execution);
            }),
        );
    }
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
    const start = performance.now();
    await work();
    return (performance.now() - start) / 1000;
}
