import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createDatabase } from '#adapters/duckdb/database.ts';
import { TransientError } from '#core/errors.ts';
import { smallDisk } from '#test/support/full-disk.ts';

const disk = smallDisk(3);
const root = 'folder' in disk ? disk.folder : '';

afterAll(() => {
    if ('unmount' in disk) disk.unmount();
});

const NOTE = 'unavailable' in disk ? ` (skipped: ${disk.unavailable})` : '';

describe.skipIf('unavailable' in disk)(`DuckDB on a full disk${NOTE}`, () => {
    async function expectFull(sql: string, memory = 256 << 20): Promise<void> {
        const temporary = join(root, 'spill');
        await mkdir(temporary, { recursive: true });
        const database = createDatabase({ temporary, memory, threads: 1 });
        const error = await database.session((session) => session.run(sql)).catch((thrown: unknown) => thrown);
        database.close();
        await rm(join(root, 'out.parquet'), { force: true });
        await rm(temporary, { recursive: true, force: true });

        expect(error).toBeInstanceOf(TransientError);
        expect((error as Error).message).toMatch(/run the same command again/);
    }

    it('says so when a result does not fit', async () => {
        await expectFull(
            `copy (select hash(i) as h, hash(i + 1) as g from range(2000000) r(i)) to '${root}/out.parquet'`,
        );
    });

    it('says so when what does not fit into memory does not fit there either', async () => {
        await expectFull('create temp table t as select hash(i) as h from range(20000000) r(i) order by h', 40 << 20);
    });
});
