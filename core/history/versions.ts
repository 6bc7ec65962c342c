import type { Catalog, Pointer, Promotion } from '../catalog/catalog.ts';
import type { TableVersion } from '../catalog/version.ts';
import { UsageError } from '../errors.ts';
import type { IsoInstant } from '../types.ts';
import { momentOf } from './moment.ts';

/** One stay of a version before readers. */
export interface Stay extends Promotion {
    /** When another version took its place; undefined while readers see it. */
    readonly until: IsoInstant | undefined;
}

/** A stay with what is still known of its version. */
export interface HistoryEntry extends Stay {
    /** Hash of columns and rows: equal for versions that readers cannot tell apart. Undefined when it was removed. */
    readonly content: string | undefined;
    readonly bytes: number | undefined;
    /** The version can be read, compared and gone back to. */
    readonly kept: boolean;
    /** Readers see it now. */
    readonly current: boolean;
    /** A person went back to it, and builds leave it alone. */
    readonly pinned: boolean;
}

/** What readers saw, newest first. */
export function staysOf({ current, history }: Pointer): Stay[] {
    const all = [current, ...history];
    return all.map((promotion, index) => ({ ...promotion, until: all[index - 1]?.promotedAt }));
}

/** The versions of a table as readers saw them, newest first. Throws UsageError when it was never built. */
export async function historyOf(catalog: Catalog, model: string): Promise<HistoryEntry[]> {
    const pointer = await pointerOf(catalog, model);
    return Promise.all(
        staysOf(pointer).map(async (stay, index) => {
            const version = await catalog.version(model, stay.version);
            const current = index === 0;
            return {
                ...stay,
                content: version?.content,
                bytes: version?.bytes,
                kept: version !== undefined,
                current,
                pinned: current && pointer.pinned,
            };
        }),
    );
}

/** What readers saw at a moment; undefined before the first version and before the oldest stay that is remembered. */
export function stayAt(pointer: Pointer, at: IsoInstant): Stay | undefined {
    return staysOf(pointer).find(({ promotedAt }) => promotedAt <= at);
}

/**
 * The version a person means: `current`, `previous` (what readers saw before), a version's beginning, or a moment.
 *
 * @throws UsageError when there is none, more than one, or its files were removed
 */
export async function versionMeant(catalog: Catalog, model: string, text: string): Promise<TableVersion> {
    const pointer = await pointerOf(catalog, model);
    const stay = stayMeant(pointer, text);
    const version = await catalog.version(model, stay.version);
    if (version) return version;
    throw new UsageError(
        `Version ${short(stay.version)} of ${model} was removed by cartlake vacuum. What is left: cartlake history ${model}`,
    );
}

function stayMeant(pointer: Pointer, text: string): Stay {
    const stays = staysOf(pointer);
    const [current] = stays as [Stay];
    if (text === 'current') return current;
    const moment = momentOf(text);
    const found =
        text === 'previous'
            ? stays.filter(({ version }) => version !== current.version).slice(0, 1)
            : moment === undefined
              ? stays.filter(({ version }) => version.startsWith(text))
              : [stayAt(pointer, moment) ?? []].flat();
    const versions = new Set(found.map(({ version }) => version));
    if (versions.size === 1) return found[0] as Stay;
    const choices = [...new Set(stays.map(({ version }) => short(version)))].join(', ');
    throw new UsageError(
        versions.size === 0
            ? `${pointer.model} has no version "${text}": expected current, previous, a moment such as ${current.promotedAt}, ` +
                  `or the beginning of one of ${choices}. When each was seen: cartlake history ${pointer.model}`
            : `"${text}" is the beginning of ${versions.size} versions of ${pointer.model}: write more of it (${choices}).`,
    );
}

async function pointerOf(catalog: Pick<Catalog, 'pointer'>, model: string): Promise<Pointer> {
    const pointer = await catalog.pointer(model);
    if (!pointer) throw new UsageError(`The table ${model} was never built. What there is: cartlake status`);
    return pointer;
}

/** The first characters of a version, as people write it. */
export function short(version: string): string {
    return version.slice(0, 8);
}
