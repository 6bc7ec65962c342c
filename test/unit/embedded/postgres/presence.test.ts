import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TransientError } from '#core/errors.ts';
import { enter, present, uniqueName, untilEmpty } from '#embedded/postgres/presence.ts';
import { isNameAlive, processName } from '#embedded/process-identity.ts';

let folder: string;

beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cartlake-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('the identity of a process', () => {
    it('stays while it runs and is gone afterwards', async () => {
        const child = spawn('sleep', ['60']);
        const identity = processName(child.pid as number) as string;
        expect(isNameAlive(identity)).toBe(true);

        child.kill();
        await once(child, 'exit');

        expect(isNameAlive(identity)).toBe(false);
    });

    it('is not taken over by another process with the same pid', async () => {
        expect(isNameAlive(`${process.pid}-1`)).toBe(false);
    });

    it('is missing for a process that does not run', async () => {
        await expect(uniqueName(4_194_304)).rejects.toThrow(/4194304 is not in the process list/);
    });
});

describe('who is on record in a folder', () => {
    it('are the living, each as often as it entered, without oneself', async () => {
        const first = await enter(folder);
        const second = await enter(folder);

        expect((await present(folder)).alive.sort()).toEqual([first.name, second.name].sort());
        expect((await present(folder, first)).alive).toEqual([second.name]);

        await second.leave();
        await second.leave();
        expect(await present(folder, first)).toEqual({ alive: [], gone: 0 });
    });

    it('are not the dead, whose records are removed', async () => {
        await writeFile(join(folder, '4194303-77-0a0b0c0d'), '');

        expect(await present(folder)).toEqual({ alive: [], gone: 1 });
        expect(await readdir(folder)).toEqual([]);
    });

    it('is nobody where there is no folder', async () => {
        expect(await present(join(folder, 'none'))).toEqual({ alive: [], gone: 0 });
    });

    it('is waited for, but not for ever', async () => {
        const other = await enter(folder);
        const waiting = untilEmpty(folder, 20);

        await expect(waiting).rejects.toThrow(TransientError);
        await expect(waiting).rejects.toThrow(new RegExp(`Process ${process.pid} should have ended`));

        await other.leave();
        await untilEmpty(folder, 20);
    });
});
