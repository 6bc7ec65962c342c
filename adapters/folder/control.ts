import { createHash } from 'node:crypto';
import { link, mkdir, readdir, readFile, rm, unlink, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { ConflictError } from '#core/errors.ts';
import type { ControlStore, Document } from '#core/store/ports.ts';
import { codeOf, onDisk, pathOf, uniqueName } from './disk.ts';

/** Old states kept of each document, so that a slow reader still finds the file it was about to read. */
const KEPT_STATES = 8;
const MARK = '.doc';

/**
 * Control documents in a folder. A document is a folder `<key>.doc/` of numbered states; `link` makes state n+1
 * appear whole and fails when it exists, which is compare-and-swap without a lock that a crash could leave behind.
 */
export function createFolderControl(root: string): ControlStore {
    const folderOf = (key: string) => pathOf(root, key) + MARK;

    async function states(folder: string): Promise<number[]> {
        try {
            const names = await readdir(folder);
            return names
                .filter((name) => /^\d+\.json$/.test(name))
                .map((name) => Number.parseInt(name, 10))
                .sort((a, b) => a - b);
        } catch (error) {
            if (codeOf(error) === 'ENOENT') return [];
            throw error;
        }
    }

    async function read<T>(key: string): Promise<Document<T> | undefined> {
        const folder = folderOf(key);
        for (;;) {
            const newest = (await states(folder)).at(-1);
            if (newest === undefined) return undefined;
            try {
                const text = await readFile(join(folder, `${newest}.json`), 'utf8');
                return { value: JSON.parse(text) as T, etag: tagOf(newest, text) };
            } catch (error) {
                // Pruned or removed between the two calls: look again.
                if (codeOf(error) !== 'ENOENT') throw error;
            }
        }
    }

    async function write(key: string, value: unknown, number: number): Promise<string> {
        const folder = folderOf(key);
        const text = JSON.stringify(value);
        return onDisk(key, async () => {
            await mkdir(folder, { recursive: true });
            const draft = join(folder, `${uniqueName()}.draft`);
            try {
                await writeFile(draft, text);
                await link(draft, join(folder, `${number}.json`));
            } catch (error) {
                if (codeOf(error) === 'EEXIST') throw new ConflictError(`${key} was changed by somebody else.`);
                throw error;
            } finally {
                await rm(draft, { force: true });
            }
            await prune(folder, number - KEPT_STATES);
            return tagOf(number, text);
        });
    }

    return {
        read,
        async create(key, value) {
            if ((await states(folderOf(key))).length > 0) throw new ConflictError(`${key} exists already.`);
            return write(key, value, 1);
        },
        async replace(key, value, etag) {
            const current = await read(key);
            if (current?.etag !== etag) throw new ConflictError(`${key} was changed by somebody else.`);
            return write(key, value, Number.parseInt(etag, 10) + 1);
        },
        async remove(key) {
            await rm(folderOf(key), { recursive: true, force: true });
        },
        async list(prefix) {
            const keys: string[] = [];
            await collect(pathOf(root, prefix), keys);
            return keys.map((path) => relative(root, path).slice(0, -MARK.length)).sort();
        },
    };
}

function tagOf(number: number, text: string): string {
    return `${number}-${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
}

async function prune(folder: string, upTo: number): Promise<void> {
    if (upTo < 1) return;
    await unlink(join(folder, `${upTo}.json`)).catch(() => undefined);
}

async function collect(folder: string, into: string[]): Promise<void> {
    const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
        if (codeOf(error) === 'ENOENT') return [];
        throw error;
    });
    for (const entry of entries) {
        if (!entry.isDirectory()) continue;
        const path = join(folder, entry.name);
        if (entry.name.endsWith(MARK)) into.push(path);
        else await collect(path, into);
    }
}
