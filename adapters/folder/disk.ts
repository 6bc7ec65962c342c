import { randomBytes } from 'node:crypto';
import { isAbsolute, join, normalize, sep } from 'node:path';
import { TransientError, UsageError } from '#core/errors.ts';

const FULL_DISK = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);
const NO_ACCESS = new Set(['EACCES', 'EPERM', 'EROFS']);

/** The error code of a failed file operation, if it is one. */
export function codeOf(error: unknown): string | undefined {
    return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/**
 * Runs a file operation; a full disk becomes a TransientError, a refused access or name a UsageError that say what to do.
 * Other errors pass.
 */
export async function onDisk<T>(what: string, operation: () => Promise<T>): Promise<T> {
    try {
        return await operation();
    } catch (error) {
        const code = codeOf(error) ?? '';
        if (FULL_DISK.has(code)) {
            throw new TransientError(
                `The disk is full (${code} while writing ${what}). Nothing was lost: free some space and run the same command again.`,
                { cause: error },
            );
        }
        if (NO_ACCESS.has(code)) {
            throw new UsageError(`No permission to access ${what} (${code}). Check the owner and mode of the folder.`, {
                cause: error,
            });
        }
        if (code === 'ENAMETOOLONG') {
            throw new UsageError(`The file name ${what} is too long for this disk. Rename the file.`, { cause: error });
        }
        throw error;
    }
}

/** The path of a key below a root. Keys come from file names: a key that would leave the root is refused. */
export function pathOf(root: string, key: string): string {
    const clean = normalize(key);
    if (key.includes('\0') || isAbsolute(key) || clean === '..' || clean.startsWith(`..${sep}`)) {
        throw new UsageError(`The key ${JSON.stringify(key)} points outside the lake.`);
    }
    return join(root, clean);
}

/** Tells this process from others of its number, also on other machines that share a disk. */
const PROCESS = randomBytes(8).toString('hex');
let names = 0;

/** A name no other writer uses, in this process or another. */
export function uniqueName(): string {
    return `${process.pid}-${PROCESS}-${++names}`;
}
