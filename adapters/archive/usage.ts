import { TooMuchError } from './directory.ts';
import type { ArchiveLimits } from './limits.ts';

/** What has been used of the limits, over all levels of one landed archive. Adding throws TooMuchError. */
export interface Usage {
    readonly limits: ArchiveLimits;
    addEntries(entries: number): void;
    addBytes(bytes: number): void;
    /** A path for the next file on this machine. */
    nextPath(): string;
}

/** Usage of an archive of some size whose files go to a folder. */
export function usageOf(limits: ArchiveLimits, archiveSize: number, pathOf: (number: number) => string): Usage {
    const mostBytes = Math.min(limits.totalBytes, Math.max(archiveSize * limits.ratio, limits.ratioFrom));
    let entries = 0;
    let bytes = 0;
    let files = 0;
    return {
        limits,
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
        nextPath: () => pathOf(++files),
    };
}

function megabytes(bytes: number): string {
    return `${(bytes / 1e6).toLocaleString('en-US', { maximumSignificantDigits: 3 })} MB`;
}
