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
    /** `foreign`: what stands in it that no lake has. */
    | { readonly kind: 'lake'; readonly foreign: readonly string[] }
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
    const has = (name: string) => names.includes(name);
    // With other files about, `control` alone could be anybody's.
    const isLake = foreign.length === 0 ? has('control') || has('demo-data') : has('control') && has('executions');
    if (isLake) return { kind: 'lake', foreign };
    return foreign.length > 0 ? { kind: 'other', foreign } : { kind: 'absent' };
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

/** Why a folder is not taken for a lake. */
export function notALake(name: string, foreign: readonly string[]): string {
    return (
        `${name} is not a lake: it holds ${someOf(foreign)}. ` +
        'Name the folder of a lake, or an empty or new one, with --lake.'
    );
}

/** The first three names, and how many more there are. */
export function someOf(names: readonly string[]): string {
    return names.slice(0, 3).join(', ') + (names.length > 3 ? ` and ${names.length - 3} more` : '');
}
