import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { putFileList, tableInput } from '#adapters/glue/table-input.ts';
import type { WorkTables } from '#adapters/glue/work-tables.ts';
import type { BlobStore } from '#core/store/ports.ts';
import { ensureTrino } from './trino/install.ts';
import { findJava } from './trino/java.ts';
import { createMetastore, type Metastore } from './trino/metastore.ts';
import { startTrino, type TrinoServer } from './trino/server.ts';

/** A Trino and a lake's folder that it reads, as Athena would read a bucket. */
export interface Place {
    readonly trino: TrinoServer;
    readonly metastore: Metastore;
    /** Folder of the lake. */
    readonly lake: string;
    /** The lake's address in statements and tables. */
    readonly lakeUri: string;
    close(): Promise<void>;
}

/** Fetches Trino where it is missing and starts it in a folder of its own, which goes with it. */
export async function openPlace(tell: (line: string) => void): Promise<Place> {
    const java = await findJava();
    const installation = await ensureTrino(tell);
    const folder = await mkdtemp(join(tmpdir(), 'cartlake-conformance-'));
    const warehouse = join(folder, 'warehouse');
    const lake = join(warehouse, 'lake');
    await mkdir(lake, { recursive: true });
    const remove = () => rm(folder, { recursive: true, force: true, maxRetries: 3 });
    try {
        const trino = await startTrino({ java, installation, folder: join(folder, 'trino'), warehouse });
        const close = async () => {
            await trino.stop();
            await remove();
        };
        return { trino, metastore: createMetastore(warehouse), lake, lakeUri: 'local:///lake', close };
    } catch (error) {
        await remove();
        throw error;
    }
}

/** Work tables without Glue in between. */
export function workTablesOf({ metastore, lakeUri }: Place, blobs: BlobStore): WorkTables {
    const made = new Set<string>();
    return {
        async over(relation, columns, files) {
            const hash = createHash('sha256').update(JSON.stringify({ columns, files })).digest('hex').slice(0, 24);
            const table = { name: `${relation}_${hash}`, columns, files, place: `query-inputs/${relation}_${hash}` };
            if (!made.has(table.name)) {
                await putFileList(blobs, lakeUri, table);
                await metastore.create('work', tableInput(lakeUri, table));
                made.add(table.name);
            }
            return `"work"."${table.name}"`;
        },
    };
}
