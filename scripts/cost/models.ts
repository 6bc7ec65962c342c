import { join } from 'node:path';
import { type ScanSize, scanSize } from '#core/build/scan-size.ts';
import { objectsOf } from '#core/registry/registry.ts';
import { createPostgresServer } from '#embedded/postgres/server.ts';
import { loadProject, PROJECT_ROOT } from '#embedded/project.ts';
import { createRuntime, type Runtime } from '#embedded/runtime.ts';

/** Builds files in process, in a lake of their own, and tells what Athena would read to do so. */
export async function athenaReads(
    files: readonly { readonly key: string; readonly path: string }[],
    lake: string,
): Promise<ScanSize[]> {
    const project = await loadProject(join(PROJECT_ROOT, 'contracts'), join(PROJECT_ROOT, 'models'));
    const runtime = await createRuntime({ lake, project });
    try {
        const objects = [];
        for (const { key, path } of files) objects.push(await runtime.context.landing.land(key, path));
        await runtime.deliver(objects);
        await runtime.settle();
        return await scanSizes(runtime);
    } finally {
        await runtime.close();
        await createPostgresServer({ folder: join(lake, 'postgres') }).stop();
    }
}

/** What Athena would read to build each table of a lake from nothing and to check it. */
export async function scanSizes({ context }: Pick<Runtime, 'context'>): Promise<ScanSize[]> {
    const sizes = new Map<string, number>();
    for (const place of ['staging', 'marts']) {
        for (const { key, size } of await context.blobs.list(place)) sizes.set(key, size);
    }
    // Athena takes a hundred dates a query.
    const engine = { ...context.engine, limits: { rows: Number.POSITIVE_INFINITY, dates: 100 } };
    const inputs = { ...context, engine, objects: (dataset: string) => objectsOf(context.control, dataset) };
    const found: ScanSize[] = [];
    for (const name of context.graph.components.flat(2)) {
        const model = context.graph.models.get(name);
        const current = await context.catalog.current(name);
        if (model && current) found.push(await scanSize(inputs, model, current, (key) => sizes.get(key) ?? 0));
    }
    return found;
}
