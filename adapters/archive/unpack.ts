import { rm } from 'node:fs/promises';
import { ContractError } from '#core/errors.ts';
import type { ArchivePart, RejectedPart } from '#core/ingest/ports.ts';
import { identityOfBytes, identityOfFile } from '../blake3/content-identity.ts';
import { letGo } from '../folder/let-go.ts';
import { type Content, entryContent, HEAD_BYTES, headOf } from './content.ts';
import { readDirectory, TooMuchError } from './directory.ts';
import { EntryError } from './entry-error.ts';
import { isZip } from './magic.ts';
import { type ArchiveSource, fileSource, heldSource } from './source.ts';
import type { Usage } from './usage.ts';

/** Files of an archive and of the archives in it, in order. Throws ContractError when it cannot be read as a whole. */
export async function* unpackedParts(
    source: ArchiveSource,
    usage: Usage,
    prefix = '',
    depth = 1,
): AsyncGenerator<ArchivePart | RejectedPart> {
    const entries = await readDirectory(source, usage.limits.entries);
    usage.addEntries(entries.length);
    for (const entry of entries) {
        const name = `${prefix}${printable(entry.name)}`;
        // Reading one takes a moment in which nothing else is done.
        await usage.place.turn();
        try {
            yield* inside(await entryContent(source, entry, usage), name, usage, depth);
        } catch (error) {
            if (error instanceof TooMuchError) throw error;
            if (!(error instanceof EntryError || error instanceof ContractError)) throw error;
            yield { name, reason: error.message };
        }
    }
}

/** A file as it is, or the files in it when it is an archive itself. */
async function* inside(
    content: Content,
    name: string,
    usage: Usage,
    depth: number,
): AsyncGenerator<ArchivePart | RejectedPart> {
    if (!isZip(headOf(content))) {
        yield await part(content, name, usage);
        if ('bytes' in content) letGo(content.bytes);
        return;
    }
    const inner = 'bytes' in content ? heldSource(content.bytes) : await fileSource(content.path);
    try {
        if (depth >= usage.limits.depth) {
            throw new EntryError(`it is an archive inside ${depth} others; at most ${usage.limits.depth} are opened`);
        }
        yield* unpackedParts(inner, usage, `${name}!/`, depth + 1);
    } finally {
        await inner.close();
        if ('path' in content) await rm(content.path, { force: true });
    }
}

async function part(content: Content, name: string, usage: Usage): Promise<ArchivePart> {
    if ('path' in content) return { ...content, name, version: await identityOfFile(content.path) };
    const { bytes } = content;
    const path = await usage.files.write(bytes);
    return {
        name,
        path,
        size: bytes.length,
        version: await identityOfBytes(bytes),
        head: bytes.subarray(0, HEAD_BYTES),
    };
}

/** Names come from outside and go into messages, tables and terminals: one line, no control characters, not endless. */
function printable(name: string): string {
    const shown = name.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\ufffd');
    return shown.length > LONGEST_NAME ? `${shown.slice(0, LONGEST_NAME)}...` : shown;
}

const LONGEST_NAME = 500;
