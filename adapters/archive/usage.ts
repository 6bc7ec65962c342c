import { TooMuchError } from './directory.ts';
import type { ArchiveLimits } from './limits.ts';
import type { PartFiles } from './part-files.ts';
import type { Place } from './turns.ts';

/** What has been used of the limits, over all levels of one landed archive. Adding throws TooMuchError. */
export interface Usage {
    readonly limits: ArchiveLimits;
    addEntries(entries: number): void;
    addBytes(bytes: number): void;
    readonly files: PartFiles;
    readonly place: Place;
}

/** Usage of an archive of some size whose parts go to files. */
export function usageOf(limits: ArchiveLimits, archiveSize: number, files: PartFiles, place: Place): Usage {
    const mostBytes = Math.min(limits.totalBytes, Math.max(archiveSize * limits.ratio, limits.ratioFrom));
    let entries = 0;
    let bytes = 0;
    return {
        limits,
        files,
        place,
        addEntries(more) {
            entries += more;
            if (entries <= limits.entries) return;
            throw new TooMuchError(
                `The archive holds more than ${limits.entries} files, counting those of archives in it. Split it.`,
            );
        },
        addBytes(more) {
            bytes += more;
            if (bytes <= mostBytes) return;
            throw new TooMuchError(
                `The archive inflates to more than ${megabytes(mostBytes)}, the most for one of its size (${megabytes(archiveSize)}). ` +
                    'Split it; zip bombs look like this.',
            );
        },
    };
}

function megabytes(bytes: number): string {
    return `${(bytes / 1e6).toLocaleString('en-US', { maximumSignificantDigits: 3 })} MB`;
}
