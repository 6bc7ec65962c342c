import { readRequests } from '../build/requests.ts';
import type { Catalog, Pointer } from '../catalog/catalog.ts';
import { filesOf, type TableVersion } from '../catalog/version.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { objectsOf, type RegisteredObject } from '../registry/registry.ts';
import type { BlobStore, ControlStore } from '../store/ports.ts';

export interface NeedContext {
    readonly control: ControlStore;
    readonly blobs: Pick<BlobStore, 'list' | 'readText'>;
    readonly catalog: Catalog;
    readonly ledger: Pick<Ledger, 'all'>;
}

/** What must stay, as keys and as beginnings of keys. */
export interface Needed {
    readonly keys: Set<string>;
    readonly prefixes: Set<string>;
}

/** Whether a blob must stay. */
export function isNeeded({ keys, prefixes }: Needed, key: string): boolean {
    return keys.has(key) || prefixes.values().some((prefix) => key.startsWith(prefix));
}

/**
 * Everything that readers, a running build, unfinished objects and recorded analyses need. `kept` are the versions of
 * each table that stay. Builds are asked for before and after: one that runs at either moment keeps what it froze.
 */
export async function neededBlobs(
    context: NeedContext,
    kept: ReadonlyMap<Pointer, ReadonlySet<string>>,
): Promise<Needed> {
    const needed: Needed = { keys: new Set(), prefixes: new Set() };
    const before = (await readRequests(context.control)).owner;
    for (const [{ model, current, history }, versions] of kept) {
        for (const { version, run } of [current, ...history]) {
            if (versions.has(version)) needed.prefixes.add(`runs/${run}/`);
        }
        for (const id of versions) {
            needed.keys.add(`catalog/${model}/${id}.json`);
            addFiles(needed, await context.catalog.version(model, id));
        }
    }
    await addStaged(context, needed);
    await addAnalyses(context, needed);
    const after = (await readRequests(context.control)).owner;
    for (const owner of new Set([before, after])) if (owner !== undefined) await addRun(context, needed, owner);
    return needed;
}

async function addStaged({ control, ledger }: NeedContext, needed: Needed): Promise<void> {
    const datasets = new Set((await control.list('control/registry')).map((key) => key.split('/')[2] as string));
    for (const dataset of datasets) addObjects(needed, await objectsOf(control, dataset));
    for await (const { id, dataset, state, staged, corrections = [] } of ledger.all()) {
        // With the summary beside the rows, which a repeated Register reads.
        for (const key of staged?.files ?? []) needed.prefixes.add(key.replace(/[^/]+$/, ''));
        for (const key of corrections) needed.keys.add(key);
        if (staged?.quarantine !== undefined) needed.keys.add(staged.quarantine);
        if (state !== 'received') continue;
        needed.prefixes.add(`staging/${dataset}/${id}/`);
        needed.prefixes.add(`quarantine/${dataset}/${id}/`);
    }
}

/** Analyses can be computed again from the very files they were made from. */
async function addAnalyses({ blobs }: NeedContext, { keys }: Needed): Promise<void> {
    for (const { key } of await blobs.list('reports/analyses/tables')) {
        const record = parsed<{ tables: Record<string, { files: readonly string[] }> }>(await blobs.readText(key));
        for (const { files } of Object.values(record?.tables ?? {})) for (const file of files) keys.add(file);
    }
}

/** A running build needs its notes, what it wrote, and the inputs it froze. */
async function addRun({ blobs, control }: NeedContext, needed: Needed, run: string): Promise<void> {
    needed.prefixes.add(`runs/${run}/`);
    for (const key of await control.list('control/catalog')) {
        needed.prefixes.add(`marts/${key.slice('control/catalog/'.length)}/run=${run}/`);
    }
    // While it plans, nobody else knows which objects it has read.
    if ((await blobs.readText(`runs/${run}/plan.json`)) === undefined) needed.prefixes.add('staging/');
    for (const { key } of await blobs.list(`runs/${run}/inputs`)) {
        addObjects(needed, parsed<RegisteredObject[]>(await blobs.readText(key)) ?? []);
    }
    for (const { key } of await blobs.list(`runs/${run}/candidates`)) {
        addFiles(needed, parsed<TableVersion>(await blobs.readText(key)));
    }
}

function addObjects({ keys }: Needed, objects: readonly RegisteredObject[]): void {
    for (const file of objects.flatMap(({ files }) => files)) keys.add(file);
}

function addFiles({ keys }: Needed, version: TableVersion | undefined): void {
    for (const file of Object.values(version?.parts ?? {}).flatMap(filesOf)) keys.add(file);
    for (const file of version?.pack ? filesOf(version.pack) : []) keys.add(file);
}

function parsed<T>(text: string | undefined): T | undefined {
    return text === undefined ? undefined : (JSON.parse(text) as T);
}
