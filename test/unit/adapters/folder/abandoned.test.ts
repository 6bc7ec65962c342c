import { spawnSync } from 'node:child_process';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { removeAbandonedScratch } from '#adapters/folder/abandoned.ts';
import { createFolderBlobs } from '#adapters/folder/blobs.ts';
import { temporaryFolder } from '#test/support/temporary.ts';

it('removes what dead processes left and nothing of the living', async () => {
    const lake = await temporaryFolder();
    const own = await createFolderBlobs(lake).scratch();
    const { pid } = spawnSync(process.execPath, ['--version']);
    await mkdir(join(lake, 'tmp', `${pid}-abc`));
    await writeFile(join(lake, 'tmp', `${pid}-abc`, 'half.parquet'), '');
    await writeFile(join(lake, 'tmp', `${pid}-def`), '');
    await writeFile(join(lake, 'tmp', '1-of-init'), '');
    await mkdir(join(lake, 'tmp', 'duckdb'));

    expect(await removeAbandonedScratch(lake)).toBe(2);
    expect(await readdir(join(lake, 'tmp'))).toEqual(['1-of-init', own.split('/').at(-1), 'duckdb'].sort());
});

it('finds nothing in a lake that has no scratch area yet', async () => {
    expect(await removeAbandonedScratch(await temporaryFolder())).toBe(0);
});
