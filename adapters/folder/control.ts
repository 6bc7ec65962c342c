import { hash } from 'node:crypto';
import {
    type Dirent,
    existsSync,
    linkSync,
    mkdirSync,
    readdirSync,
    readFileSync,
    renameSync,
    rmSync,
    writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { ConflictError } from '#core/errors.ts';
import type { ControlStore, Document } from '#core/store/ports.ts';
import { codeOf, onDisk, pathOf, uniqueName } from './disk.ts';

/**
 * Old states kept of each document, so that a slow reader still finds the file it was about to read. A writer who does
 * not get on while so many others write takes what it wrote for too late: with 8, four processes at once counted on
 * twice now and then.
 */
const KEPT_STATES = 32;
const MARK = '.doc';

/**
 * Control documents in a folder. A document is a folder `<key>.doc/` of numbered states; `link` makes state n+1
 * appear whole and fails when it exists, which is compare-and-swap without a lock that a crash could leave behind.
 *
 * Files are read and written synchronously: documents are small, and waiting for a turn beside the threads of an engine
 * takes longer than reading one.
 */
export function createFolderControl(root: string): ControlStore {
    const folderOf = (key: string) => pathOf(root, key) + MARK;

    function states(folder: string): number[] {
        // Asked first: an error takes longer to make than a folder to read.
        if (!existsSync(folder)) return [];
        try {
            const names = readdirSync(folder);
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
            const newest = states(folder).at(-1);
            if (newest === undefined) return undefined;
            try {
                const text = readFileSync(join(folder, `${newest}.json`), 'utf8');
                return { value: JSON.parse(text) as T, etag: tagOf(newest, text) };
            } catch (error) {
                // Pruned or removed between the two calls: look again.
                if (codeOf(error) !== 'ENOENT') throw error;
            }
        }
    }

    function tagOfState(key: string, number: number): string | undefined {
        try {
            return tagOf(number, readFileSync(join(folderOf(key), `${number}.json`), 'utf8'));
        } catch (error) {
            if (codeOf(error) === 'ENOENT') return undefined;
            throw error;
        }
    }

    async function write(key: string, value: unknown, number: number): Promise<string> {
        const folder = folderOf(key);
        const text = JSON.stringify(value);
        return onDisk(key, async () => {
            const draft = join(folder, `${uniqueName()}.draft`);
            try {
                // The folder of a document that is replaced is there, or was removed meanwhile.
                if (number === 1) mkdirSync(folder, { recursive: true });
                writeFileSync(draft, text);
                linkSync(draft, join(folder, `${number}.json`));
            } catch (error) {
                const code = codeOf(error);
                // The document was removed meanwhile: a new one can still be created.
                if (code === 'ENOENT' && number === 1) return write(key, value, number);
                if (code === 'EEXIST' || code === 'ENOENT') throw changedMeanwhile(key);
                throw error;
            } finally {
                rmSync(draft, { force: true });
            }
            settle(key, folder, number);
            return tagOf(number, text);
        });
    }

    /** Removes old states, and what was just written when it is one: its number was free because it had been pruned. */
    function settle(key: string, folder: string, number: number): void {
        const known = states(folder);
        const newest = known.at(-1) ?? number;
        for (const old of known) if (old <= newest - KEPT_STATES) rmSync(join(folder, `${old}.json`), { force: true });
        if (number <= newest - KEPT_STATES) throw changedMeanwhile(key);
    }

    return {
        read,
        async create(key, value) {
            if (states(folderOf(key)).length > 0) throw new ConflictError(`${key} exists already.`);
            return write(key, value, 1);
        },
        async replace(key, value, etag) {
            const number = Number.parseInt(etag, 10);
            // Whether it is the newest is told by the link to the next number, and by what is settled after it.
            if (tagOfState(key, number) !== etag) throw changedMeanwhile(key);
            return write(key, value, number + 1);
        },
        async remove(key) {
            // All states go at one moment: a reader in between must not find an older one.
            const gone = `${folderOf(key)}.${uniqueName()}`;
            try {
                renameSync(folderOf(key), gone);
            } catch (error) {
                if (codeOf(error) === 'ENOENT') return;
                throw error;
            }
            // Who was writing when the folder moved may put one more draft into it.
            rmSync(gone, { recursive: true, force: true, maxRetries: 5, retryDelay: 2 });
        },
        async list(prefix) {
            const keys: string[] = [];
            collect(pathOf(root, prefix), keys);
            return keys.map((path) => relative(root, path).slice(0, -MARK.length)).sort();
        },
    };
}

function tagOf(number: number, text: string): string {
    return `${number}-${hash('sha256', text).slice(0, 16)}`;
}

function changedMeanwhile(key: string): ConflictError {
    return new ConflictError(`${key} was changed by somebody else.`);
}

function collect(folder: string, into: string[]): void {
    for (const entry of entriesOf(folder)) {
        if (!entry.isDirectory()) continue;
        const path = join(folder, entry.name);
        if (entry.name.endsWith(MARK)) into.push(path);
        else collect(path, into);
    }
}

function entriesOf(folder: string): Dirent[] {
    if (!existsSync(folder)) return [];
    try {
        return readdirSync(folder, { withFileTypes: true });
    } catch (error) {
        if (codeOf(error) === 'ENOENT') return [];
        throw error;
    }
}
