import { rejectedRows, type Tally } from '#core/generate/sales/archives.ts';
import type { WrittenFile } from './generate-files.ts';
import { bytes, counted } from './output/numbers.ts';
import type { Answer } from './output/output.ts';

/** What was written, and what an ingest has to make of it. */
export function salesAnswer(
    tally: Tally,
    files: readonly WrittenFile[],
    archives: readonly { readonly name: string; readonly bytes: number }[],
    folder: string,
): Answer {
    const size = archives.reduce((sum, archive) => sum + archive.bytes, 0);
    const badParts = Object.values(tally.parts).reduce((sum, parts) => sum + parts, 0);
    const rejected = rejectedRows(tally);
    const planted = [...Object.entries(tally.rows), ...Object.entries(tally.parts)]
        .filter(([, times]) => times > 0)
        .map(([kind, times]) => `${kind} ${times}`);
    const lines = [
        `${counted(archives.length, 'archive')} with ${counted(tally.events, 'event')}, ${bytes(size)}`,
        ...files.map((file) => `${file.name} ${bytes(file.bytes)}`),
        '',
        ...(planted.length === 0
            ? []
            : [
                  `Planted: ${planted.join(', ')}. An ingest has to reject ${counted(rejected, 'row')} and ` +
                      `${counted(badParts, 'part')}; ${archives.at(-1)?.name} repeats the archive before it and adds nothing.`,
                  '',
              ]),
        `Next: cartlake ingest ${folder}`,
    ];
    const events = {
        rows: tally.events,
        planted: { ...tally.rows, ...tally.parts },
        rejected,
        rejectedParts: badParts,
    };
    return {
        document: { folder, files, archives, events, repeatedWeeks: tally.repeatedWeeks },
        lines: lines.map(String),
    };
}
