import type { Pointer, Promotion } from '../catalog/catalog.ts';
import { staysOf } from '../history/versions.ts';
import type { IsoInstant } from '../types.ts';

/**
 * The versions of a table that stay: those readers saw at `since` or later, and the one a rollback would go to. The
 * version readers see is always among them.
 */
export function keptVersions(pointer: Pointer, since: IsoInstant): ReadonlySet<string> {
    const stays = staysOf(pointer);
    const kept = new Set(
        stays.flatMap(({ version, until }) => (until === undefined || until >= since ? [version] : [])),
    );
    const { version } = pointer.current;
    const before = pointer.pinned ? pointer.history.findIndex((earlier) => earlier.version === version) + 1 : 0;
    const rollback = pointer.history.slice(before).find((earlier) => earlier.version !== version && !earlier.removed);
    if (rollback) kept.add(rollback.version);
    return kept;
}

/** The pointer with the versions that do not stay marked as removed; undefined when there are none. */
export function withoutOld(pointer: Pointer, since: IsoInstant): Pointer | undefined {
    const kept = keptVersions(pointer, since);
    const goes = ({ version, removed }: Promotion) => !kept.has(version) && !removed;
    if (!pointer.history.some(goes)) return undefined;
    const history = pointer.history.map((each) => (goes(each) ? { ...each, removed: true as const } : each));
    return { ...pointer, history };
}
