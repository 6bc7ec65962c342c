import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inspectLake, requireLake, requireRoom } from '#cli/lake-folder.ts';
import { temporaryFolder } from '#test/support/temporary.ts';

async function folderWith(...names: readonly string[]): Promise<string> {
    const folder = await temporaryFolder();
    for (const name of names) await mkdir(join(folder, name));
    return folder;
}

describe('inspectLake', () => {
    it.each([
        [[], { kind: 'absent' }],
        [['logs', 'tmp'], { kind: 'absent' }],
        [['control'], { kind: 'lake', foreign: [] }],
        [['demo-data'], { kind: 'lake', foreign: [] }],
        [['control', 'executions', 'notes'], { kind: 'lake', foreign: ['notes'] }],
        [['control', 'src'], { kind: 'other', foreign: ['src'] }],
        [['src'], { kind: 'other', foreign: ['src'] }],
    ])('takes a folder with %o for %o', async (names, expected) => {
        expect(await inspectLake(await folderWith(...names))).toEqual(expected);
    });

    it('takes a folder that is not there for absent, and refuses a file', async () => {
        const folder = await temporaryFolder();
        await writeFile(join(folder, 'file'), '');

        expect(await inspectLake(join(folder, 'none'))).toEqual({ kind: 'absent' });
        await expect(inspectLake(join(folder, 'file'))).rejects.toThrow('is a file: expected the folder of a lake.');
    });
});

describe('requireLake and requireRoom', () => {
    it('say what to do without a lake', async () => {
        await expect(requireLake('/no/such/folder', 'mine')).rejects.toThrow(
            'There is no lake in mine yet. Make one with cartlake demo or cartlake ingest FILE',
        );
    });

    it('refuse to mix a lake with other files, and name some of them', async () => {
        const folder = await folderWith('a', 'b', 'c', 'd', 'e');
        const refusal = 'mine is not a lake: it holds a, b, c and 2 more.';

        await expect(requireLake(folder, 'mine')).rejects.toThrow(refusal);
        await expect(requireRoom(folder, 'mine')).rejects.toThrow(refusal);
    });

    it('leave room for a new lake', async () => {
        await expect(requireRoom(await folderWith(), 'mine')).resolves.toBeUndefined();
        await expect(requireRoom(await folderWith('control'), 'mine')).resolves.toBeUndefined();
    });
});
