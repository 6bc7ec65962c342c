import { finishBuild, readRequests, requestBuild } from '#core/build/requests.ts';
import { runFiles } from '#core/build/run.ts';
import { createCatalog } from '#core/catalog/catalog.ts';
import { filesOf } from '#core/catalog/version.ts';
import { createLedger } from '#core/ledger/ledger.ts';
import { register } from '#core/registry/registry.ts';
import type { BlobStore, ControlStore } from '#core/store/ports.ts';
import type { OldFiles } from '#core/vacuum/ports.ts';
import { anObject, aPart, aStagedObject, aVersion } from './builders.ts';
import { createFakeExecutions } from './fakes/executions.ts';
import { createMemoryBlobs } from './fakes/memory-blobs.ts';
import { createMemoryControl } from './fakes/memory-control.ts';

const DAY_MS = 24 * 3_600_000;

/** A lake in memory whose clock a test moves, with builds and restaging that touch the stores in small steps. */
export function anAgingLake(step: () => Promise<void> = async () => undefined) {
    let day = 0;
    const now = () => new Date(Date.UTC(2026, 0, 1) + day * DAY_MS).toISOString();
    const written = new Map<string, string>();
    const memory = createMemoryBlobs();
    const blobs = {
        ...memory,
        async putText(key: string, text: string) {
            await step();
            written.set(key, now());
            await memory.putText(key, text);
        },
        readText: (key: string) => step().then(() => memory.readText(key)),
        list: (prefix: string) => step().then(() => memory.list(prefix)),
    } satisfies BlobStore;
    const documents = createMemoryControl();
    const control: ControlStore = {
        read: (key) => step().then(() => documents.read(key)),
        create: (key, value) => step().then(() => documents.create(key, value)),
        replace: (key, value, etag) => step().then(() => documents.replace(key, value, etag)),
        remove: (key) => step().then(() => documents.remove(key)),
        list: (prefix) => step().then(() => documents.list(prefix)),
    };
    const files: OldFiles = {
        writtenAt: async (key) => (memory.files.has(key) ? written.get(key) : undefined),
        async removeOlder(key, before) {
            await step();
            if (!memory.files.has(key) || (written.get(key) ?? '') >= before) return false;
            await memory.remove([key]);
            return true;
        },
    };
    const executions = createFakeExecutions();
    const catalog = createCatalog(control, blobs);
    const ledger = createLedger(control, now);
    const object = anObject({ key: 'landing/orders/a.csv' });

    /** A reader of files notices what is gone. */
    async function readAll(keys: readonly string[]): Promise<void> {
        for (const key of keys) {
            await step();
            if (!memory.files.has(key)) throw new Error(`${key} is gone while it is read`);
        }
    }

    return {
        blobs: memory,
        context: { control, blobs, catalog, ledger, files, now },
        executions,
        setDay: (next: number) => {
            day = next;
        },
        /** Stages the one object under a contract and registers it, as Stage and Register do. */
        async restage(contract: string) {
            const { entry, created } = await ledger.receive({ object, dataset: 'orders', size: 1, landedAt: now() });
            if (!created) await ledger.reopen(entry.id);
            const file = `staging/orders/${entry.id}/${contract}/part-0.parquet`;
            await blobs.putText(file, contract);
            const staged = aStagedObject(undefined, { files: [file], contractFingerprint: contract });
            await register(control, 'orders', { id: entry.id, key: object.key, landedAt: now() }, staged, entry.staged);
            await ledger.markStaged(entry.id, staged);
        },
        /** A build of one table of two parts, of which it computes one. */
        async build(content: string, { finish = true } = {}) {
            await requestBuild({ control, executions });
            const { owner: run, requested } = await readRequests(control);
            if (run === undefined) throw new Error('nobody owns the build');
            const notes = runFiles(blobs, control, run);
            const frozen = await notes.freeze(['orders']);
            await notes.savePlan({ run, covers: requested, components: [[['m']]], models: [], unpublished: [] });
            const current = await catalog.current('m');
            await readAll([...frozen.values()].flat().flatMap((each) => each.files));
            await readAll(Object.values(current?.parts ?? {}).flatMap(filesOf));
            const file = `marts/m/run=${run}/batch=0/${content}.parquet`;
            await blobs.putText(file, content);
            const parts = { ...current?.parts, [`2026-01-0${content.length}`]: aPart(content, { file }) };
            const version = aVersion({ run, base: current?.id ?? null, parts });
            await notes.saveCandidate(version);
            await readAll(Object.values(version.parts).flatMap(filesOf));
            await catalog.promote(version, now());
            if (!finish) return;
            executions.end(`build/${run}`, 'SUCCEEDED');
            await finishBuild({ control, executions }, run, requested);
        },
        /** What is named and not there. */
        async missing(): Promise<string[]> {
            const pointer = await catalog.pointer('m');
            const wanted: string[] = [];
            for (const { version, removed } of pointer ? [pointer.current, ...pointer.history] : []) {
                const known = await catalog.version('m', version);
                if (known) wanted.push(...Object.values(known.parts).flatMap(filesOf));
                else if (!removed) wanted.push(`version ${version}`);
            }
            for await (const { staged } of ledger.all()) wanted.push(...(staged?.files ?? []));
            return wanted.filter((key) => !memory.files.has(key));
        },
    };
}
