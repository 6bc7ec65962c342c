import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Contract } from '#core/contracts/contract.ts';
import { datasetOfFile } from '#core/contracts/patterns.ts';
import { UsageError } from '#core/errors.ts';

/** A file to land. */
export interface FoundFile {
    /** As the person named it, for messages. */
    readonly name: string;
    readonly path: string;
    /** `landing/<dataset>/<file name>`; dataset `unknown` where no contract covers it. */
    readonly key: string;
}

/** What the paths of a command line stand for. */
export interface FoundFiles {
    readonly files: readonly FoundFile[];
    /** Files of folders that no contract covers. */
    readonly skipped: readonly string[];
    /** Paths that cannot be read, and why. */
    readonly unreadable: readonly { readonly name: string; readonly why: string }[];
    /** Removes what was made on the way. */
    release(): Promise<void>;
}

export interface FindOptions {
    readonly contracts: ReadonlyMap<string, Contract>;
    /** Overrides file patterns. */
    readonly dataset: string | undefined;
    /** File name of what comes on standard input. */
    readonly name: string | undefined;
    /** Folder for a copy of standard input. */
    readonly temporary: string;
}

/**
 * Files by their paths, in folders with what is below them. `-` is standard input.
 *
 * @throws UsageError when standard input has no name, or the dataset is none
 */
export async function findFiles(paths: readonly string[], options: FindOptions): Promise<FoundFiles> {
    const { contracts, dataset } = options;
    if (dataset !== undefined && !contracts.has(dataset)) {
        throw new UsageError(`There is no dataset "${dataset}". There is: ${[...contracts.keys()].join(', ')}.`);
    }
    const files: FoundFile[] = [];
    const skipped: string[] = [];
    const unreadable: { name: string; why: string }[] = [];
    const datasetOf = (name: string) => dataset ?? datasetOfFile(contracts, name);
    const add = (name: string, path: string, fileName: string) =>
        files.push({ name, path, key: `landing/${datasetOf(fileName) ?? 'unknown'}/${fileName}` });
    let copy: string | undefined;
    for (const path of paths) {
        if (path === '-') {
            copy ??= await copyOfInput(options);
            add(options.name as string, copy, options.name as string);
            continue;
        }
        const info = await stat(path).catch((error: NodeJS.ErrnoException) => error);
        if (info instanceof Error) {
            unreadable.push({ name: path, why: whyUnreadable(info) });
        } else if (!info.isDirectory()) {
            add(path, path, basename(path));
        } else {
            for (const inside of await filesBelow(path)) {
                if (datasetOf(basename(inside)) === undefined) skipped.push(inside);
                else add(inside, inside, basename(inside));
            }
        }
    }
    return {
        files,
        skipped,
        unreadable,
        release: async () => {
            if (copy !== undefined) await rm(copy, { force: true });
        },
    };
}

/** Visible files of a folder and its folders, in order. */
async function filesBelow(folder: string): Promise<string[]> {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .filter((path) => !/(^|[\\/])\.[^.\\/]/.test(path.slice(folder.length)))
        .sort();
}

async function copyOfInput({ name, temporary }: FindOptions): Promise<string> {
    if (name === undefined || name === '' || name !== basename(name)) {
        throw new UsageError('Standard input needs a file name: add --name, such as --name events.csv.');
    }
    await mkdir(temporary, { recursive: true });
    const path = join(temporary, `stdin-${process.pid}`);
    await pipeline(process.stdin, createWriteStream(path));
    return path;
}

function whyUnreadable({ code, message }: NodeJS.ErrnoException): string {
    if (code === 'ENOENT') return 'there is no such file or folder';
    if (code === 'EACCES' || code === 'EPERM') return 'no permission to read it';
    return message;
}
