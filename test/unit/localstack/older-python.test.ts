import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PROJECT_ROOT } from '../../../embedded/project.ts';
import { findPython } from '../../../localstack/python.ts';

const python = await findPython().catch(() => undefined);

const NEWER = `"""Asks for 3.13."""
from __future__ import annotations
from queue import Queue
from warnings import deprecated

type Pair = tuple[int, int]


class Named[Name: str]:
    pass


class Waiting[Item](Queue):
    def first[Found](self, item: Found) -> Found:
        return item
`;

/** Runs a few lines with the script's functions at hand. */
function withRewriter(lines: string, ...args: readonly string[]) {
    const code = `import sys; sys.path.insert(0, 'localstack'); import older_python as older; ${lines}`;
    return spawnSync(python!.path, ['-B', '-c', code, ...args], { cwd: PROJECT_ROOT, encoding: 'utf8' });
}

it.skipIf(python === undefined).each([
    ['3, 11', true],
    ['3, 12', true],
    ['3, 13', false],
])('rewrites for Python %s what only newer ones understand: %s', (version, changes) => {
    const run = withRewriter(`print(older.rewritten(sys.argv[1], (${version})), end='')`, NEWER);

    expect(run.stderr).toBe('');
    expect(run.stdout !== NEWER).toBe(changes);
    expect(/from typing_extensions import deprecated/.test(run.stdout)).toBe(changes);
});

it.skipIf(python === undefined)('keeps classes generic, annotations lazy and everything else as it is', () => {
    const run = withRewriter(
        [
            "text = older.rewritten(sys.argv[1], (3, 11)).replace('from typing_extensions', 'from functools', 1)",
            "text = text.replace('import deprecated', 'import cache')",
            'space = {}; exec(text, space)',
            "print(space['Named'][str], space['Waiting']().first(7), space['Pair'])",
            "print(older.rewritten('x = 1\\n', (3, 11)) == 'x = 1\\n')",
        ].join('; '),
        NEWER,
    );

    expect(run.stderr).toBe('');
    expect(run.stdout).toMatch(/Named\[str\] 7 tuple\[int, int\]\nTrue/);
});

it.skipIf(python === undefined)('changes the modules of a folder in place', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'cartlake-older-python-'));
    const path = join(folder, 'module.py');
    await writeFile(path, NEWER);
    const run = withRewriter(
        'older.sys = type("S", (), {"version_info": (3, 11, 2)}); older.main(sys.argv[1:])',
        folder,
    );
    const text = await readFile(path, 'utf8');
    await rm(folder, { recursive: true });

    expect(run.stdout.trim()).toBe(path);
    expect(text).toContain('class Named(_typing.Generic[Name]):');
    expect(text).toContain('class Waiting(Queue, _typing.Generic[Item]):');
    expect(text).toContain('    def first(self, item: Found) -> Found:');
});
