import { readdir } from 'node:fs/promises';
import { UsageError } from '#core/errors.ts';

/** Everything that the pipeline and the command line put in a lake. */
const ENTRIES: ReadonlySet<string> = new Set([
    'catalog',
    'control',
    'demo-data',
    'executions',
    'landing',
    'logs',
    'marts',
    'postgres',
    'quarantine',
    'reports',
    'runs',
    'staging',
    'tmp',
]);

/** What a folder is to the command line. */
export type LakeFolder =
    | { readonly kind: 'absent' }
    | { readonly kind: 'lake' }
    /** Something stands in it that no lake has. */
    | { readonly kind: 'other'; readonly foreign: readonly string[] };

export async function inspectLake(folder: string): Promise<LakeFolder> {
    let names: string[];
    try {
        names = await readdir(folder);
    } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === 'ENOENT') return { kind: 'absent' };
        if (code === 'ENOTDIR') throw new UsageError(`${folder} is a file: expected the folder of a lake.`);
        throw new UsageError(`Cannot read ${folder} (${code}). Check the owner and mode of the folder.`);
    }
    const foreign = names.filter((name) => !ENTRIES.has(name));
    if (foreign.length > 0) return { kind: 'other', foreign };
    // Names such as `logs` are common; these two tell a lake.
    return names.includes('control') || names.includes('demo-data') ? { kind: 'lake' } : { kind: 'absent' };
}

/** Throws UsageError unless the folder is a lake. */
export async function requireLake(folder: string, name: string): Promise<void> {
    const found = await inspectLake(folder);
    if (found.kind === 'lake') return;
    if (found.kind === 'other') throw new UsageError(notALake(name, found.foreign));
    throw new UsageError(
        `There is no lake in ${name} yet. Make one with cartlake demo or cartlake ingest FILE, or name yours with --lake.`,
    );
}

/** Throws UsageError when a lake in the folder would mix with other files. */
export async function requireRoom(folder: string, name: string): Promise<void> {
    const found = await inspectLake(folder);
    if (found.kind === 'other') throw new UsageError(notALake(name, found.foreign));
}

export function notALake(name: string, foreign: readonly string[]): string {
    const more = foreign.length > 3 ? ` and ${foreign.length - 3} more` : '';
    return (
        `${name} is not a lake: it holds ${foreign.slice(0, 3).join(', ')}${more}. ` +
        'Name the folder of a lake, or an empty or new one, with --lake.'
    );
}
