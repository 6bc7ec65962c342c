import { ConflictError, UsageError } from '../errors.ts';
import type { BlobStore, ControlStore } from '../store/ports.ts';
import { swap } from '../store/swap.ts';
import type { IsoInstant } from '../types.ts';
import type { TableVersion } from './version.ts';

/** One move of a pointer. */
export interface Promotion {
    readonly version: string;
    readonly run: string;
    readonly promotedAt: IsoInstant;
    readonly rows: number;
    /** Its files were removed: nobody can go back to it. */
    readonly removed?: true;
}

/** What readers of a model see. Moving it is the only way a table changes. */
export interface Pointer {
    readonly model: string;
    readonly current: Promotion;
    /** Earlier promotions, newest first. */
    readonly history: readonly Promotion[];
    /** A person rolled back: builds leave the model alone until they release it. */
    readonly pinned: boolean;
}

const KEPT_PROMOTIONS = 100;
const pointerKey = (model: string) => `control/catalog/${model}`;
const versionKey = (model: string, id: string) => `catalog/${model}/${id}.json`;

/** Tables of the lake: immutable versions and one pointer a model. */
export interface Catalog {
    pointer(model: string): Promise<Pointer | undefined>;
    /** The version readers see, or undefined before the first build. */
    current(model: string): Promise<TableVersion | undefined>;
    version(model: string, id: string): Promise<TableVersion | undefined>;
    /**
     * Makes a built and checked version the current one; repeating it changes nothing. Throws ConflictError when the
     * current version is not the one it was built beside: a builder that was given up and writes late must not put
     * older rows over newer ones.
     */
    promote(version: TableVersion, at: IsoInstant): Promise<Pointer>;
    /**
     * Goes back to an earlier version and pins it: to the one before, one further each time until it is released, or
     * to the one whose id begins with `to`. Throws UsageError when there is none.
     */
    rollback(model: string, at: IsoInstant, to?: string): Promise<Pointer>;
    /** Lets builds move the pointer again. */
    release(model: string): Promise<void>;
}

export function createCatalog(control: ControlStore, blobs: BlobStore): Catalog {
    const pointer = async (model: string) => (await control.read<Pointer>(pointerKey(model)))?.value;

    async function version(model: string, id: string): Promise<TableVersion | undefined> {
        const text = await blobs.readText(versionKey(model, id));
        return text === undefined ? undefined : (JSON.parse(text) as TableVersion);
    }

    return {
        pointer,
        version,
        async current(model) {
            const found = await pointer(model);
            return found && version(model, found.current.version);
        },
        async promote(next, at) {
            await blobs.putText(versionKey(next.model, next.id), JSON.stringify(next));
            const promotion = { version: next.id, run: next.run, promotedAt: at, rows: next.rows };
            const moved = await swap<Pointer>(control, pointerKey(next.model), (now) => {
                if (now?.current.version === next.id || now?.pinned) return undefined;
                requireBase(next, now);
                return { model: next.model, current: promotion, history: pushed(now), pinned: false };
            });
            return moved as Pointer;
        },
        async rollback(model, at, to) {
            const known = await pointer(model);
            if (!known) throw new UsageError(`There is no table ${model} to roll back. See cartlake status.`);
            const left = known.history.filter(({ removed }) => !removed);
            const target =
                to === undefined
                    ? earlierThan(known).find(({ removed }) => !removed)
                    : left.find((promotion) => promotion.version.startsWith(to));
            if (!target || !(await version(model, target.version))) {
                const choices = left.map(({ version: id, promotedAt }) => `${id.slice(0, 8)} (${promotedAt})`);
                throw new UsageError(
                    `${model} has no earlier version${to === undefined ? '' : ` ${to}`}. Versions: ${choices.join(', ') || 'only the current one'}.`,
                );
            }
            const moved = await swap<Pointer>(control, pointerKey(model), (now) => {
                requireLeft(now, target);
                return { model, current: { ...target, promotedAt: at }, history: pushed(now), pinned: true };
            });
            return moved as Pointer;
        },
        async release(model) {
            await swap<Pointer>(control, pointerKey(model), (now) =>
                now?.pinned ? { ...now, pinned: false } : undefined,
            );
        },
    };
}

/** Vacuum marks a version before it removes its files: who goes back to one meanwhile either comes first or is refused. */
function requireLeft(now: Pointer | undefined, { version }: Promotion): void {
    if (!now?.history.some((each) => each.version === version && each.removed)) return;
    throw new UsageError(
        `Version ${version.slice(0, 8)} of ${now.model} was just removed by cartlake vacuum; choose another.`,
    );
}

function requireBase({ model, base }: TableVersion, now: Pointer | undefined): void {
    const current = now?.current.version ?? null;
    if (base === undefined || base === current) return;
    throw new ConflictError(
        `${model} moved to version ${current} while one was built beside ${base ?? 'no version'}; the next build looks again.`,
    );
}

/** What was promoted before the current version; where a person went back to it, before it was first. */
function earlierThan({ current, history, pinned }: Pointer): readonly Promotion[] {
    return pinned ? history.slice(history.findIndex(({ version }) => version === current.version) + 1) : history;
}

function pushed(now: Pointer | undefined): Promotion[] {
    return now ? [now.current, ...now.history].slice(0, KEPT_PROMOTIONS) : [];
}
