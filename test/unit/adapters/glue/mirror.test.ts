import { beforeEach, describe, expect, it } from 'vitest';
import { createGlueMirror } from '#adapters/glue/mirror.ts';
import { createWorkTables } from '#adapters/glue/work-tables.ts';
import type { CatalogMirror } from '#core/catalog/mirror.ts';
import type { TableVersion } from '#core/catalog/version.ts';
import { TransientError } from '#core/errors.ts';
import { type QueryServices, startQueryServices } from '#test/support/athena/service.ts';
import { ServiceError } from '#test/support/athena/service-error.ts';
import { aPart, aVersion } from '#test/support/builders.ts';
import { createMemoryBlobs } from '#test/support/fakes/memory-blobs.ts';

const PLACE = { database: 'shop', workDatabase: 'work', lakeUri: 's3://lake' };
const first = aVersion({ parts: { all: aPart('a', { furtherFiles: ['marts/m/a-2.parquet'] }) } });
const second = aVersion({ parts: { all: aPart('b') } });
let services: QueryServices;
let blobs: ReturnType<typeof createMemoryBlobs>;
let mirror: CatalogMirror;

beforeEach(async () => {
    const nothing = async () => ({ columns: [], rows: [], scannedBytes: 0 });
    services = await startQueryServices({ select: nothing, unload: nothing });
    blobs = createMemoryBlobs();
    mirror = createGlueMirror(services.glue, blobs, PLACE);
    return () => services.close();
});

const show = (version: TableVersion | undefined) => mirror.show('m', async () => version);
const shown = () => services.tables.get('shop.m')?.input.Parameters?.cartlake_version;

describe('the mirror in Glue', () => {
    it('shows the files of the current version', async () => {
        await show(first);

        expect(services.tables.get('shop.m')?.input).toMatchObject({
            Name: 'm',
            TableType: 'EXTERNAL_TABLE',
            Parameters: { cartlake_version: first.id, recordCount: '1', classification: 'parquet' },
            StorageDescriptor: {
                Location: `s3://lake/mirror/m/${first.id}/`,
                Columns: [{ Name: 'id', Type: 'bigint' }],
            },
        });
        expect(await blobs.readText(`mirror/m/${first.id}/files`)).toBe(
            's3://lake/marts/m/a.parquet\ns3://lake/marts/m/a-2.parquet\n',
        );
    });

    it('changes all of a table with one request, and nothing when it is as it should be', async () => {
        await show(first);
        await show(second);
        await show(second);

        expect(shown()).toBe(second.id);
        expect(services.asked.filter((action) => /Create|Update/.test(action))).toEqual(['CreateTable', 'UpdateTable']);
        expect(await blobs.readText(`mirror/m/${first.id}/files`)).toBeDefined();
    });

    it('shows nothing of a model that was never built', async () => {
        await show(undefined);

        expect(services.tables.size).toBe(0);
    });

    it('reads the pointer again when somebody else changes the table meanwhile', async () => {
        await show(aVersion({ parts: { all: aPart('old') } }));
        let pointer = first;
        let disturbed = false;
        services.before = async (action) => {
            if (action !== 'UpdateTable' || disturbed) return;
            disturbed = true;
            pointer = second;
            await show(second);
        };
        await mirror.show('m', async () => pointer);

        expect(shown()).toBe(second.id);
    });

    it('is content when somebody else made the table at the same time', async () => {
        let disturbed = false;
        services.before = async (action) => {
            if (action !== 'CreateTable' || disturbed) return;
            disturbed = true;
            await show(first);
        };
        await show(first);

        expect(shown()).toBe(first.id);
    });

    it('gives up when the table never stands still', async () => {
        await show(first);
        services.before = (action) => {
            if (action === 'UpdateTable') throw new ServiceError('ConcurrentModificationException');
        };

        await expect(show(second)).rejects.toThrow(TransientError);
        await expect(show(second)).rejects.toThrow('shop.m changed 5 times while it was written.');
    });

    it('says what it may not do', async () => {
        services.before = (action) => {
            if (action === 'CreateTable') throw new ServiceError('AccessDeniedException');
        };

        await expect(show(first)).rejects.toThrow('Not allowed: glue:CreateTable on shop.m.');
    });
});

it('removes the tables of builds, not those people read', async () => {
    await show(first);
    const work = createWorkTables(services.glue, blobs, { database: 'work', lakeUri: 's3://lake' });
    for (const file of ['a', 'b', 'c', 'd', 'e']) await work.over('events', first.columns, [file]);
    await mirror.tidy();

    expect([...services.tables.keys()]).toEqual(['shop.m']);
});
