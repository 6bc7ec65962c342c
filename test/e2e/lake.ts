import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createFolderBlobs } from '#adapters/folder/blobs.ts';
import { createFolderControl } from '#adapters/folder/control.ts';
import { selectRows } from '#adapters/postgres/query.ts';
import { createCatalog } from '#core/catalog/catalog.ts';
import type { ShopOptions } from '#core/generate/options.ts';
import { generateShop } from '#core/generate/shop.ts';
import { createPostgresServer } from '#embedded/postgres/server.ts';
import { loadProject, PROJECT_ROOT, type Project } from '#embedded/project.ts';
import { createRuntime, type Runtime } from '#embedded/runtime.ts';

/** This project's own contracts and models. */
export function ownProject(): Promise<Project> {
    return loadProject(join(PROJECT_ROOT, 'contracts'), join(PROJECT_ROOT, 'models'));
}

/** An empty folder for one test; remove it with `removeLake`. */
export function emptyLake(): Promise<string> {
    return mkdtemp(join(tmpdir(), 'cartlake-e2e-'));
}

export async function removeLake(lake: string): Promise<void> {
    await createPostgresServer({ folder: join(lake, 'postgres') })
        .stop()
        .catch(() => undefined);
    await rm(lake, { recursive: true, force: true });
}

/** Writes a generated shop's files and returns their paths. */
export async function shopFiles(folder: string, options: ShopOptions): Promise<string[]> {
    const paths: string[] = [];
    for (const { name, chunks } of generateShop(options).files) {
        const path = join(folder, name);
        await writeFile(path, [...chunks].join(''));
        paths.push(path);
    }
    return paths;
}

/** Lands files under the dataset their name begins with and runs the pipeline until it settles. */
export async function ingest(runtime: Runtime, files: readonly string[]): Promise<void> {
    const objects = [];
    for (const file of files) {
        const dataset = basename(file).replace(/[-.].*$/, '');
        objects.push(await runtime.context.landing.land(`landing/${dataset}/${basename(file)}`, file));
    }
    await runtime.deliver(objects);
    await runtime.settle();
}

/** Runs `work` with a runtime on a lake and closes it. */
export async function withRuntime<T>(
    lake: string,
    work: (runtime: Runtime) => Promise<T>,
    project?: Project,
): Promise<T> {
    const runtime = await createRuntime({ lake, project: project ?? (await ownProject()) });
    try {
        await runtime.sweep();
        return await work(runtime);
    } finally {
        await runtime.close();
    }
}

/**
 * Everything a reader of a lake can tell: hashes of all tables' rows, Postgres' rows, and the ledger's size. Postgres is
 * the lake's own unless `url` names another.
 */
export async function fingerprintOf(lake: string, url?: string): Promise<Record<string, string | number>> {
    const control = createFolderControl(lake);
    const catalog = createCatalog(control, createFolderBlobs(lake));
    const found: Record<string, string | number> = {};
    for (const key of await control.list('control/catalog')) {
        const model = basename(key);
        found[model] = (await catalog.current(model))?.content ?? 'none';
    }
    const own = url === undefined ? createPostgresServer({ folder: join(lake, 'postgres') }) : undefined;
    const lease = own ? await own.acquire() : { url: url as string, release: async () => undefined };
    try {
        const tables = await selectRows(
            lease.url,
            "select table_name from information_schema.tables where table_schema = 'marts' order by 1",
        );
        for (const [table] of tables.rows) {
            const sql = `select count(*) || ' ' || md5(string_agg(t::text, '|' order by t::text)) from marts."${table}" t`;
            found[`postgres ${table}`] = String((await selectRows(lease.url, sql)).rows[0]?.[0]);
        }
    } finally {
        await lease.release();
    }
    found['ledger entries'] = (await control.list('control/ledger')).length;
    found['unfinished objects'] = (await control.list('control/open')).length;
    found['scratch folders'] = (await readdir(join(lake, 'tmp')).catch(() => [])).filter(
        (name) => name !== 'duckdb',
    ).length;
    return found;
}
