import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UsageError } from '#core/errors.ts';
import { generateShop } from '#core/generate/shop.ts';
import { loadProject, PROJECT_ROOT } from '#embedded/project.ts';
import { cartlake } from './cartlake.ts';
import { emptyLake, ingest, ownProject, removeLake, withRuntime } from './lake.ts';

const ESCAPE = '../../../../cartlake-escaped';

let place: string;

beforeAll(async () => {
    place = await emptyLake();
});
afterAll(() => removeLake(place));

describe('a project that somebody else wrote', () => {
    const bomb = ['a: &a [x, x, x, x, x, x, x, x, x]'];
    for (const [name, of] of ['ba', 'cb', 'dc', 'ed', 'fe', 'gf', 'hg', 'ih']) {
        bomb.push(`${name}: &${name} [${Array.from({ length: 9 }, () => `*${of}`).join()}]`);
    }
    const users = ['contracts', 'users.odcs.yaml', 'name: country'] as const;

    it.each<[string, readonly [folder: string, file: string, from: string | RegExp], string, RegExp]>([
        ['a YAML bomb for a contract', ['contracts', 'users.odcs.yaml', /[\s\S]*/], bomb.join('\n'), /no YAML aliases/],
        [
            'nesting without end',
            ['contracts', 'users.odcs.yaml', /[\s\S]*/],
            `a: ${'['.repeat(100_000)}`,
            /one well-formed YAML document/,
        ],
        ['a contract of megabytes', users, `name: ${'x'.repeat(3e6)}`, /at most 262144 bytes/],
        ['SQL for the name of a column', users, `name: 'c"; drop schema marts; --'`, /expected a name of lower-case/],
        [
            'a folder above for a dataset',
            ['contracts', 'users.odcs.yaml', 'name: users'],
            `name: ${ESCAPE}`,
            /expected a name of lower-case/,
        ],
        [
            'a folder above for a model',
            ['models/shop', 'dim_users.sql', /model: \w+/],
            `model: ${ESCAPE}`,
            /model: must be a lower-case name/,
        ],
        [
            'a YAML bomb for the header of a model',
            ['models/shop', 'dim_users.sql', /key: .*/],
            'key: [&a user_id, *a]',
            /YAML alias/,
        ],
    ])('is refused in words: %s', async (_, [folder, file, from], to, words) => {
        const project = join(place, 'project');
        for (const each of ['contracts', 'models']) {
            await cp(join(PROJECT_ROOT, each), join(project, each), { recursive: true, force: true });
        }
        const path = join(project, folder, file);
        const before = await readFile(path, 'utf8');
        const after = before.replace(from, () => to);
        expect(after).not.toBe(before);
        await writeFile(path, after);

        const began = performance.now();
        const loading = loadProject(join(project, 'contracts'), join(project, 'models'));
        await expect(loading).rejects.toThrow(UsageError);
        await expect(loading).rejects.toThrow(words);
        expect(performance.now() - began).toBeLessThan(5_000);
    });
});

describe('names in rows', () => {
    it('name no file outside of the folder of reports', async () => {
        const lake = join(place, 'a', 'b', 'c', 'lake');
        const files = join(place, 'files');
        for (const folder of [lake, files]) await mkdir(folder, { recursive: true });
        const paths: string[] = [];
        for (const { name, chunks } of generateShop({ users: 60, seed: 3, days: 14, effect: 0.2, dirty: 0 }).files) {
            const text = [...chunks]
                .join('')
                .replaceAll('new_product_page', ESCAPE)
                .replaceAll('Beauty', `${ESCAPE}/x`);
            paths.push(join(files, name));
            await writeFile(join(files, name), text);
        }
        await withRuntime(lake, (runtime) => ingest(runtime, paths), await ownProject());

        const pages = await readdir(join(lake, 'reports', 'experiments'));
        expect(pages).toEqual([expect.stringMatching(/^-cartlake-escaped-[0-9a-f]{8}$/)]);
        const everything = await readdir(place, { recursive: true });
        const escaped = everything.filter((path) => /(^|\/)cartlake-escaped/.test(path));
        expect(escaped).toEqual([]);
    }, 60_000);
});

describe('words on the command line', () => {
    it.each([
        [['ingest', 'FILE', '--dataset', `${ESCAPE}-too`], /dataset/i],
        [['rollback', `${ESCAPE}-too`], /model/i],
        [['quarantine', 'show', `${ESCAPE}-too`], /no object/i],
        [['executions', `${ESCAPE}-too`], /execution/i],
        [['report', `${ESCAPE}-too`], /experiment|report/i],
    ])(
        'that lead out of the lake are refused: %j',
        async (words, answer) => {
            await writeFile(join(place, 'some.csv'), 'a\n1\n');
            const lake = join(place, 'a', 'b', 'c', 'lake');
            const { code, out, err } = await cartlake(
                ['--lake', lake, ...words.map((word) => (word === 'FILE' ? 'some.csv' : word))],
                { cwd: place },
            );

            expect(code, out + err).toBe(2);
            expect(err).toMatch(answer);
            expect(err).not.toMatch(/ at .*\.ts:\d/);
        },
        30_000,
    );
});
