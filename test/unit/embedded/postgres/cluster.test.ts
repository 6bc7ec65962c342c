import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TransientError, UsageError } from '#core/errors.ts';
import type { Account } from '#embedded/postgres/account.ts';
import { ensureCluster } from '#embedded/postgres/cluster.ts';

const self: Account = { owner: undefined, command: (file, args) => ({ file, args: [...args], ids: {} }) };

let lake: string;

beforeEach(async () => {
    lake = await mkdtemp(join(tmpdir(), 'cartlake-'));
});
afterEach(() => rm(lake, { recursive: true }));

/** Stands in for initdb: prints a text and exits with a code. */
async function program(name: string, text: string, code: number): Promise<string> {
    const path = join(lake, name);
    await writeFile(
        path,
        `#!/bin/sh\nfor a in "$@"; do case $a in --pgdata=*) touch "\${a#--pgdata=}/pg_hba.conf";; esac; done\necho '${text}' >&2\nexit ${code}\n`,
    );
    await chmod(path, 0o755);
    return path;
}

async function making(text: string, code = 1): Promise<unknown> {
    const initdb = await program('initdb', text, code);
    const folder = join(lake, 'postgres');
    const thrown = await ensureCluster(folder, self, { initdb, postgres: initdb }).catch((error) => error);
    expect(await readdir(folder)).toEqual([]);
    return thrown;
}

describe('a cluster that cannot be made', () => {
    it('leaves nothing behind on a full disk and may be tried again', async () => {
        const thrown = await making('initdb: error: could not write file: No space left on device');

        expect(thrown).toBeInstanceOf(TransientError);
        expect(String(thrown)).toMatch(/No space left on device\nFree disk space/);
    });

    it.each([
        ['error while loading shared libraries: libicuuc.so.60', /npm rebuild/],
        ['could not access directory "/root/x": Permission denied', /move the lake where others may enter/],
        ['could not look up effective user ID 1000', /add it to .etc.passwd/],
        ['something new', /something new\nCorrect what it says/],
    ])('says what initdb said and what to do: %s', async (text, advice) => {
        const thrown = await making(text);

        expect(thrown).toBeInstanceOf(UsageError);
        expect(String(thrown)).toMatch(advice);
        expect(String(thrown)).toMatch(/--postgres/);
    });

    it('is seen when the program reports an error but exits with 0', async () => {
        const thrown = await making('2026-01-01 ERROR:  could not create database', 0);

        expect(String(thrown)).toMatch(/could not create database/);
    });

    it('is explained when root may not give files away', async () => {
        const folder = join(lake, 'postgres');
        const initdb = await program('initdb', '', 0);
        // Stands for an id that a container with a single user id does not know.
        const account = { ...self, owner: { uid: 2 ** 33, gid: 2 ** 33 } };
        const unmapped = ensureCluster(folder, account, { initdb, postgres: initdb });

        await expect(unmapped).rejects.toThrow(UsageError);
        await expect(unmapped).rejects.toThrow(/Root cannot give .* Run the command as a normal user/);
    });
});

describe('a cluster in the making', () => {
    it('is left alone while its process runs', async () => {
        const folder = join(lake, 'postgres');
        const { uniqueName } = await import('#embedded/postgres/presence.ts');
        const alive = `making-${await uniqueName()}`;
        await mkdir(join(folder, alive), { recursive: true });
        const initdb = await program('initdb', 'stop here', 1);

        await expect(ensureCluster(folder, self, { initdb, postgres: initdb })).rejects.toThrow(/stop here/);

        expect(await readdir(folder)).toEqual([alive]);
    });
});
