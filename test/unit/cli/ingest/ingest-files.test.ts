import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ingestFiles } from '#cli/ingest/ingest-files.ts';
import { loadProject, PROJECT_ROOT } from '#embedded/project.ts';
import { createRuntime } from '#embedded/runtime.ts';
import { temporaryFolder } from '#test/support/temporary.ts';

it('lands a file when it is the next to be taken in, not all of them ahead', async () => {
    const folder = await temporaryFolder();
    const project = await loadProject(join(PROJECT_ROOT, 'contracts'), join(PROJECT_ROOT, 'models'));
    const runtime = await createRuntime({ lake: join(folder, 'lake'), project, holdBuilds: true });
    const files = await manyProducts(folder, 8);
    const running: number[] = [];

    const results = await ingestFiles(runtime, files, {
        onLand: () => running.push(runtime.executions.list({ machine: 'ingest', status: 'RUNNING' }).length),
        onLanded: () => undefined,
    });
    await runtime.close();

    expect(results.map(({ entry }) => entry?.state)).toEqual(files.map(() => 'staged'));
    expect(Math.max(...running)).toBe(4);
});

async function manyProducts(folder: string, count: number) {
    await mkdir(join(folder, 'shop'));
    return Promise.all(
        Array.from({ length: count }, async (_, index) => {
            const name = `products-${index}.csv`;
            const path = join(folder, 'shop', name);
            await writeFile(path, `product_id,product_name,category,price\n${index},Lamp ${index},Home,9.99\n`);
            return { name, path, key: `landing/products/${name}` };
        }),
    );
}
