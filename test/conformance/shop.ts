import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PipelineError } from '#core/errors.ts';
import { generateShop } from '#core/generate/shop.ts';
import { loadProject, PROJECT_ROOT, type Project } from '#embedded/project.ts';
import { createRuntime } from '#embedded/runtime.ts';

export const loadThisProject = (): Promise<Project> =>
    loadProject(join(PROJECT_ROOT, 'contracts'), join(PROJECT_ROOT, 'models'));

/** What customers did with products, told the other way: without ids and prices. */
function orderEvents(): { name: string; chunks: string } {
    const types = ['view_product', 'view_product', 'add_to_cart', 'purchase'];
    const lines = Array.from({ length: 2_000 }, (_, n) => {
        const minute = (n * 7919) % (60 * 24 * 60);
        const timestamp = new Date(Date.UTC(2024, 0, 1, 0, minute, n % 60, (n * 37) % 1_000)).toISOString();
        const type = types[n % types.length] as string;
        return JSON.stringify({
            timestamp,
            customer_id: `${1 + ((n * 31) % 400)}`,
            event_type: type,
            product_id: n % 50 === 0 ? null : `${1 + ((n * 17) % 45)}`,
            quantity: type === 'purchase' ? 1 + (n % 3) : null,
        });
    });
    return { name: 'order_events.ndjson', chunks: lines.join('\n') };
}

/** A shop of two months with an experiment and bad rows, ingested into a lake; nothing is built yet. */
export async function ingestShop(lake: string, project: Project): Promise<void> {
    const folder = await mkdtemp(join(tmpdir(), 'cartlake-shop-'));
    await mkdir(lake, { recursive: true });
    const runtime = await createRuntime({ lake, project, holdBuilds: true });
    try {
        const shop = generateShop({ users: 400, seed: 11, days: 60, effect: 0.3, dirty: 0.02, products: 40 });
        const landed = [];
        for (const { name, chunks } of [...shop.files, orderEvents()]) {
            const path = join(folder, name);
            await writeFile(path, chunks);
            landed.push(await runtime.context.landing.land(`landing/${name}`, path));
        }
        await runtime.deliver(landed);
        await runtime.settle();
        const failed = runtime.executions.list({ limit: 100 }).filter(({ status }) => status !== 'SUCCEEDED');
        if (failed.length > 0) throw new PipelineError(`Ingest of the shop failed: ${failed[0]?.cause}`);
    } finally {
        await runtime.close();
        await rm(folder, { recursive: true, force: true });
    }
}
