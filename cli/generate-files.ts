import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '#core/errors.ts';
import type { GeneratedFiles } from '#core/generate/files.ts';
import { bytes, count, counted } from './output/numbers.ts';
import type { Answer } from './output/output.ts';
import type { Progress } from './output/progress.ts';
import { table } from './output/table.ts';

/** One file as it was written. */
export interface WrittenFile {
    readonly name: string;
    readonly path: string;
    readonly rows: number;
    readonly bytes: number;
}

/**
 * Writes generated files into a folder, in constant memory; a file is there whole or not at all.
 *
 * @throws UsageError when the folder cannot be made or written
 */
export async function writeFiles(
    { files }: Pick<GeneratedFiles, 'files'>,
    folder: string,
    progress: Progress,
): Promise<WrittenFile[]> {
    const written: WrittenFile[] = [];
    await asUsageError(folder, async () => {
        await mkdir(folder, { recursive: true });
        for (const { name, chunks } of files) {
            const path = join(folder, name);
            written.push({
                name,
                path,
                ...(await writeWhole(path, chunks, (size) => progress.say(`${name} ${bytes(size)}`))),
            });
        }
    });
    return written;
}

/** Writes into a folder; what the disk refuses becomes a UsageError that names the folder. */
export async function asUsageError(folder: string, write: () => Promise<void>): Promise<void> {
    try {
        await write();
    } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === undefined) throw error;
        throw new UsageError(`Cannot write to ${folder} (${code}). Name another folder or free some space.`, {
            cause: error,
        });
    }
}

async function writeWhole(
    path: string,
    chunks: Iterable<string>,
    onSize: (bytes: number) => void,
): Promise<{ rows: number; bytes: number }> {
    const draft = `${path}.${process.pid}.part`;
    const file = await open(draft, 'w');
    let lines = 0;
    let size = 0;
    try {
        for (const chunk of chunks) {
            const { bytesWritten } = await file.write(chunk);
            size += bytesWritten;
            for (let at = chunk.indexOf('\n'); at >= 0; at = chunk.indexOf('\n', at + 1)) lines += 1;
            onSize(size);
        }
        await file.close();
        await rename(draft, path);
        return { rows: lines - 1, bytes: size };
    } catch (error) {
        await file.close().catch(() => undefined);
        await rm(draft, { force: true });
        throw error;
    }
}

/** What was written, and what an ingest has to make of it. */
export function manifestAnswer(generated: GeneratedFiles, written: readonly WrittenFile[], folder: string): Answer {
    const manifest = generated.manifest();
    const planted = Object.entries(manifest.planted).filter(([, rows]) => rows > 0);
    const right = { align: 'right' } as const;
    const lines = [
        ...table(
            [{ heading: 'file' }, { heading: 'rows', ...right }, { heading: 'size', ...right }],
            written.map(({ name, rows, bytes: size }) => [name, count(rows), bytes(size)]),
        ),
        '',
        ...(planted.length === 0
            ? []
            : [
                  `Planted ${counted(manifest.rejected + manifest.merged, 'bad row')} in the events: ` +
                      planted.map(([kind, rows]) => `${kind} ${rows}`).join(', ') +
                      `. An ingest has to reject ${count(manifest.rejected)} and merge ${count(manifest.merged)}.`,
                  '',
              ]),
        `Next: cartlake ingest ${folder}`,
    ];
    return { document: { folder, files: written, events: manifest }, lines };
}
