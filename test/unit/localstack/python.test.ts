import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findPython } from '../../../localstack/python.ts';

let root: string;
let env: NodeJS.ProcessEnv;

beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'cartlake-python-'));
    env = { PATH: join(root, 'bin'), HOME: root };
});
afterEach(() => rm(root, { recursive: true }));

/** A stand-in that answers what a Python of that kind would. */
async function aPython(
    name: string,
    kind: { version: string; complete?: boolean; cpython?: boolean },
): Promise<string> {
    const path = join(root, name);
    const answer = JSON.stringify({ path, complete: true, cpython: true, ...kind });
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, `#!/bin/sh\necho '${answer}'\n`);
    await chmod(path, 0o755);
    return path;
}

describe('finding Python', () => {
    it('passes by those that do not fit', async () => {
        await aPython('bin/python3.13', { version: '3.13.1', complete: false });
        const path = await aPython('bin/python3', { version: '3.13.0' });

        await expect(findPython(env)).resolves.toEqual({ path, version: '3.13.0' });
    });

    it('takes an older one that fits where there is no 3.13', async () => {
        await aPython('bin/python3', { version: '3.14.0' });
        const path = await aPython('bin/python3.12', { version: '3.12.3' });

        await expect(findPython(env)).resolves.toEqual({ path, version: '3.12.3' });
    });

    it('looks at those of pyenv last', async () => {
        await aPython('bin/python3', { version: '3.10.7' });
        await aPython('.pyenv/versions/3.9.1/bin/python3', { version: '3.9.1' });
        const path = await aPython('.pyenv/versions/3.13.9/bin/python3', { version: '3.13.9' });

        await expect(findPython(env)).resolves.toMatchObject({ path });
    });

    it('takes the named one and no other', async () => {
        await aPython('bin/python3.13', { version: '3.13.0' });
        const old = await aPython('old', { version: '3.10.1' });

        await expect(findPython({ ...env, CARTLAKE_PYTHON: old })).rejects.toThrow(
            `${old} (3.10.1): not 3.13, 3.12, 3.11`,
        );
        await expect(findPython({ ...env, CARTLAKE_PYTHON: '/none' })).rejects.toThrow('/none: cannot be run');
    });

    it('says what it found and what to do', async () => {
        await aPython('bin/python3.13', { version: '3.13.0', complete: false });
        await aPython('bin/python3', { version: '3.13.0', cpython: false });

        const failure = findPython(env);

        await expect(failure).rejects.toThrow('needs CPython 3.11, 3.12 or 3.13');
        await expect(failure).rejects.toThrow('lacks venv or ensurepip');
        await expect(failure).rejects.toThrow('not CPython');
        await expect(failure).rejects.toThrow('CARTLAKE_PYTHON=/path/to/python3');
        await expect(findPython({ PATH: '/none', HOME: '/none' })).rejects.toThrow('Found no Python at all.');
    });
});
