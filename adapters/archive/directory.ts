import {
    type Entry,
    fromBufferPromise,
    fromFdPromise,
    getFileNameLowLevel,
    validateFileName,
    type ZipFile,
} from 'yauzl';
import { ContractError, coerceError } from '#core/errors.ts';
import type { ArchiveSource } from './source.ts';

/** One file of an archive, as the archive's directory lists it. */
export interface ArchiveEntry {
    readonly name: string;
    /** Why it is not read, if it is not. */
    readonly problem: string | undefined;
    readonly compression: 'stored' | 'deflate';
    /** Where its data begin, and their length. */
    readonly start: number;
    readonly compressedSize: number;
    /** What the directory says; data that say otherwise are refused. */
    readonly size: number;
    readonly crc32: number;
}

const STORED = 0;
const DEFLATE = 8;

/**
 * The files of an archive in its own order, without folders and without what macOS adds.
 * Throws ContractError when its directory cannot be read, its files share bytes, or it is a spreadsheet.
 */
export async function readDirectory(source: ArchiveSource, mostEntries: number): Promise<ArchiveEntry[]> {
    const zip = await openZip(source).catch(unreadable);
    if (zip.entryCount > mostEntries) throw new TooMuchError(tooMany(mostEntries));
    const entries: ArchiveEntry[] = [];
    const ranges: { start: number; end: number }[] = [];
    const seen = new Map<string, number>();
    try {
        for await (const entry of zip.eachEntry()) {
            const name = nameOf(entry);
            if (name === '[Content_Types].xml') {
                throw new ContractError('It is a spreadsheet or a document (a zip archive of XML). Export it as CSV.');
            }
            if (isNoise(name)) continue;
            const start = await dataStart(zip, entry);
            ranges.push({ start: entry.relativeOffsetOfLocalHeader, end: (start ?? 0) + entry.compressedSize });
            entries.push(described(entry, unique(name, seen), start, source.size));
            if (entries.length > mostEntries) throw new TooMuchError(tooMany(mostEntries));
        }
    } catch (error) {
        unreadable(error);
    }
    refuseOverlap(ranges);
    return entries;
}

/** A limit on all of an archive is reached: nothing of it is read further, whatever level it was noticed on. */
export class TooMuchError extends ContractError {}

function openZip(source: ArchiveSource): Promise<ZipFile> {
    const options = { autoClose: false, lazyEntries: true, decodeStrings: false, validateEntrySizes: true };
    if (source.held) return fromBufferPromise(source.held, options);
    return fromFdPromise(source.file?.fd as number, options);
}

function nameOf(entry: Entry): string {
    return getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, false);
}

/** Folders, and what macOS and its Finder put beside the files. */
function isNoise(name: string): boolean {
    return name.endsWith('/') || /(^|\/)(__MACOSX\/|\.DS_Store$|\._[^/]*$)/.test(name);
}

/** Where an entry's data begin; undefined when its own header is not where the directory says. */
async function dataStart(zip: ZipFile, entry: Entry): Promise<number | undefined> {
    try {
        return (await zip.readLocalFileHeaderPromise(entry, { minimal: true })).fileDataStart;
    } catch {
        return undefined;
    }
}

function described(entry: Entry, name: string, start: number | undefined, archiveSize: number): ArchiveEntry {
    return {
        name,
        problem: problemOf(entry, name, start, archiveSize),
        compression: entry.compressionMethod === STORED ? 'stored' : 'deflate',
        start: start ?? 0,
        compressedSize: entry.compressedSize,
        size: entry.uncompressedSize,
        crc32: entry.crc32,
    };
}

function problemOf(entry: Entry, name: string, start: number | undefined, archiveSize: number): string | undefined {
    if (validateFileName(name) !== null || name.includes('\0')) {
        return 'its name leads out of the archive; expected a name relative to it. Make the archive again from inside its folder';
    }
    if (entry.isEncrypted()) return 'it is encrypted; send it without a password';
    if (entry.compressionMethod !== STORED && entry.compressionMethod !== DEFLATE) {
        return `it is compressed by method ${entry.compressionMethod}; expected deflate (the usual one) or none`;
    }
    if (start === undefined || start + entry.compressedSize > archiveSize) {
        return 'its header is false: its data do not stand where the directory of the archive says. Make the archive again';
    }
    return undefined;
}

/** Entries may share a name; lineage must not. */
function unique(name: string, seen: Map<string, number>): string {
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return times === 1 ? name : `${name}#${times}`;
}

/** Files that share their data are how a small archive inflates without end. */
function refuseOverlap(ranges: { start: number; end: number }[]): void {
    let end = 0;
    for (const range of ranges.sort((a, b) => a.start - b.start)) {
        if (range.start < end) {
            throw new ContractError('Files of the archive overlap, as they do in a zip bomb. Make the archive again.');
        }
        end = Math.max(end, range.end);
    }
}

function tooMany(mostEntries: number): string {
    return `The archive holds more than ${mostEntries} files, the most one archive may hold. Split it.`;
}

function unreadable(thrown: unknown): never {
    const error = coerceError(thrown);
    if (error instanceof ContractError) throw error;
    throw new ContractError(
        `The zip archive is cut off or damaged (${error.message.replace(/\.$/, '')}). Expected its directory at its end. Send it again.`,
        { cause: error },
    );
}
