import type { Pointer } from '../catalog/catalog.ts';
import type { BlobStore } from '../store/ports.ts';
import { swap } from '../store/swap.ts';
import type { IsoInstant } from '../types.ts';
import { keptVersions, withoutOld } from './kept-versions.ts';
import { isNeeded, type NeedContext, neededBlobs } from './needed.ts';
import type { OldFiles } from './ports.ts';

export interface VacuumContext extends NeedContext {
    readonly blobs: Pick<BlobStore, 'list' | 'readText'>;
    readonly files: OldFiles;
    readonly now: () => IsoInstant;
}

export interface VacuumOptions {
    /** Days for which every version readers saw stays; at least a day always does. */
    readonly keepDays: number;
    /** Say what would be removed, and remove nothing. */
    readonly dryRun: boolean;
}

export interface Vacuumed {
    /** Versions that are not there any more, by table. */
    readonly versions: Readonly<Record<string, number>>;
    /** Blobs removed and their bytes, by the first part of their keys. */
    readonly removed: Readonly<Record<string, { readonly files: number; readonly bytes: number }>>;
    readonly files: number;
    readonly bytes: number;
}

const DAY_MS = 24 * 3_600_000;
/** Nothing that was written or seen in this time is touched: work under way is not known to anybody yet. */
const GRACE_MS = DAY_MS;
/** Files removed at once: on S3 each takes three requests. */
const AT_ONCE = 16;
/** Where blobs can be superseded. Landed files, reports and published rows are nobody's to remove. */
const PLACES = ['marts', 'catalog', 'runs', 'staging', 'quarantine'] as const;

/**
 * Removes what nobody needs any more: old versions of tables with their files, files of attempts that were given up,
 * notes of old runs, staged rows that a newer reading replaced.
 *
 * Safe beside builds and ingests. What is there is listed before what is needed, so what others add meanwhile is not
 * in the list; versions are marked in their pointer before their files go, so nobody goes back to one that is going;
 * each file is removed only if it is still as old as it was. A vacuum that dies leaves garbage for the next one.
 */
export async function vacuum(context: VacuumContext, { keepDays, dryRun }: VacuumOptions): Promise<Vacuumed> {
    const now = Date.parse(context.now());
    const young = new Date(now - GRACE_MS).toISOString();
    const since = new Date(now - Math.max(keepDays * DAY_MS, GRACE_MS)).toISOString();
    const listed = (await Promise.all(PLACES.map((place) => context.blobs.list(place)))).flat();
    const { kept, versions } = await chooseVersions(context, since, dryRun);
    const needed = await neededBlobs(context, kept);
    const newest = newestRun(listed.map(({ key }) => key));
    const removed: Record<string, { files: number; bytes: number }> = {};
    const garbage = listed.filter(({ key }) => !isNeeded(needed, key) && !(newest && key.startsWith(newest)));
    for (const { key, size } of await removeAll(context.files, garbage, { young, since, dryRun })) {
        const [place = ''] = key.split('/');
        const { files, bytes } = removed[place] ?? { files: 0, bytes: 0 };
        removed[place] = { files: files + 1, bytes: bytes + size };
    }
    const all = Object.values(removed);
    const sum = (of: 'files' | 'bytes') => all.reduce((total, each) => total + each[of], 0);
    return { versions, removed, files: sum('files'), bytes: sum('bytes') };
}

/** Marks the versions that go, unless nothing is to change; returns those that stay, and how many go. */
async function chooseVersions({ control }: VacuumContext, since: IsoInstant, dryRun: boolean) {
    const kept = new Map<Pointer, ReadonlySet<string>>();
    const versions: Record<string, number> = {};
    for (const key of await control.list('control/catalog')) {
        const before = (await control.read<Pointer>(key))?.value;
        if (!before) continue;
        let goes: Pointer | undefined;
        const after = dryRun
            ? before
            : await swap<Pointer>(control, key, (now) => {
                  goes = now && withoutOld(now, since);
                  return goes;
              });
        if (!after) continue;
        if (dryRun) goes = withoutOld(before, since);
        kept.set(after, keptVersions(after, since));
        if (goes) versions[after.model] = newlyRemoved(goes, before);
    }
    return { kept, versions };
}

function newlyRemoved(after: Pointer, before: Pointer): number {
    const removedIn = ({ history }: Pointer) =>
        new Set(history.flatMap(({ version, removed }) => (removed ? [version] : [])));
    return removedIn(after).difference(removedIn(before)).size;
}

type Garbage = { readonly key: string; readonly size: number };

/** Removes what is old enough and returns it. Documents of versions go first: one whose files are gone must not be found. */
async function removeAll(
    files: OldFiles,
    garbage: readonly Garbage[],
    { young, since, dryRun }: { readonly young: IsoInstant; readonly since: IsoInstant; readonly dryRun: boolean },
): Promise<Garbage[]> {
    const isDocument = ({ key }: Garbage) => key.startsWith('catalog/');
    const removed: Garbage[] = [];
    for (const wanted of [garbage.filter(isDocument), garbage.filter((each) => !isDocument(each))]) {
        for (let start = 0; start < wanted.length; start += AT_ONCE) {
            const batch = wanted.slice(start, start + AT_ONCE);
            const gone = await Promise.all(
                batch.map(({ key }) => remove(files, key, key.startsWith('runs/') ? since : young, dryRun)),
            );
            removed.push(...batch.filter((_, index) => gone[index]));
        }
    }
    return removed;
}

async function remove(files: OldFiles, key: string, before: IsoInstant, dryRun: boolean): Promise<boolean> {
    if (!dryRun) return files.removeOlder(key, before);
    const writtenAt = await files.writtenAt(key);
    return writtenAt !== undefined && writtenAt < before;
}

/** The notes of the newest run: what cartlake status tells of the last build. */
function newestRun(keys: readonly string[]): string | undefined {
    const runs = new Set(keys.flatMap((key) => /^runs\/(build-\d+-\d+)\//.exec(key)?.[1] ?? []));
    const newest = [...runs].sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1);
    return newest && `runs/${newest}/`;
}
