import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import type { ArchiveFile } from '#core/generate/sales/archives.ts';

/** Local midnight in DOS format says the same in every time zone: equal files make equal archives everywhere. */
const UNDATED = { mtime: new Date(2020, 0, 1), mode: 0o100644, forceDosTimestamp: true };

/**
 * Writes a zip archive, with the archives in it, and returns its size in bytes. It is there whole or not at all. One
 * inner archive at a time is held in memory.
 */
export async function writeArchive(path: string, files: Iterable<ArchiveFile>): Promise<number> {
    const draft = `${path}.${process.pid}.part`;
    const target = createWriteStream(draft);
    try {
        const zip = new ZipFile();
        const written = pipeline(zip.outputStream, target);
        await Promise.all([written, addAll(zip, files)]);
        await rename(draft, path);
        return target.bytesWritten;
    } catch (error) {
        await rm(draft, { force: true });
        throw error;
    }
}

async function addAll(zip: ZipFile, files: Iterable<ArchiveFile>): Promise<void> {
    for (const file of files) {
        const bytes = 'text' in file ? Buffer.from(file.text) : await archiveBytes(file.files());
        zip.addBuffer(bytes, file.name, UNDATED);
    }
    zip.end();
}

async function archiveBytes(files: Iterable<ArchiveFile>): Promise<Buffer> {
    const zip = new ZipFile();
    const chunks: Buffer[] = [];
    const read = async () => {
        for await (const chunk of zip.outputStream) chunks.push(chunk as Buffer);
    };
    await Promise.all([read(), addAll(zip, files)]);
    return Buffer.concat(chunks);
}
