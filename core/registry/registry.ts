import type { StagedObject } from '../ledger/entry.ts';
import type { ControlStore } from '../store/ports.ts';
import { swap } from '../store/swap.ts';
import type { IsoDate, IsoInstant } from '../types.ts';

/** One staged object as builds see it. */
export interface RegisteredObject {
    /** Ledger id. */
    readonly id: string;
    readonly key: string;
    /** Version of the object; missing in entries of before. */
    readonly version?: string | undefined;
    readonly landedAt: IsoInstant;
    readonly contractFingerprint: string;
    /** How many corrections of rejected rows are in it; undefined where there are none. */
    readonly corrections?: number;
    readonly files: readonly string[];
    /** Accepted rows by date; empty for datasets without a date column. */
    readonly dates: Readonly<Record<IsoDate, number>>;
    readonly rows: number;
    readonly newest: IsoInstant | undefined;
    /** All shards that list the object: it counts only when it stands in each of them. */
    readonly shards: readonly string[];
}

type Shard = Record<string, RegisteredObject>;

const WHOLE = 'all';
const shardKey = (dataset: string, shard: string) => `control/registry/${dataset}/${shard}`;

/**
 * Datasets by date are listed in one document a month, so that a new object touches what it covers. Where an object
 * stands depends on what was staged alone: the contract may have had a date column then and none now.
 */
function shardsOf(staged: StagedObject): string[] {
    const months = new Set(Object.keys(staged.dates).map((date) => date.slice(0, 7)));
    return months.size > 0 ? [...months].sort() : [WHOLE];
}

/**
 * Lists an object under its dataset. Listing it again replaces what was listed (another contract, a replay);
 * `previous` is what an earlier attempt staged.
 */
export async function register(
    control: ControlStore,
    dataset: string,
    object: Pick<RegisteredObject, 'id' | 'key' | 'version' | 'landedAt'>,
    staged: StagedObject,
    previous: StagedObject | undefined,
): Promise<void> {
    const shards = shardsOf(staged);
    const entry: RegisteredObject = {
        id: object.id,
        key: object.key,
        version: object.version,
        landedAt: object.landedAt,
        contractFingerprint: staged.contractFingerprint,
        ...(staged.redriven ? { corrections: staged.redriven.corrections.length } : {}),
        files: staged.files,
        dates: staged.dates,
        rows: staged.rows.accepted,
        newest: staged.newest,
        shards,
    };
    const left = previous ? shardsOf(previous).filter((shard) => !shards.includes(shard)) : [];
    for (const shard of left) await leave(control, dataset, shard, object.id);
    const text = JSON.stringify(entry);
    for (const shard of shards) {
        await swap<Shard>(control, shardKey(dataset, shard), (current) =>
            JSON.stringify(current?.[object.id]) === text ? undefined : { ...current, [object.id]: entry },
        );
    }
}

/** Takes an object out of its dataset. */
export async function unregister(
    control: ControlStore,
    dataset: string,
    id: string,
    staged: StagedObject,
): Promise<void> {
    for (const shard of shardsOf(staged)) await leave(control, dataset, shard, id);
}

async function leave(control: ControlStore, dataset: string, shard: string, id: string): Promise<void> {
    await swap<Shard>(control, shardKey(dataset, shard), (current) => {
        if (!current?.[id]) return undefined;
        const { [id]: _, ...rest } = current;
        return rest;
    });
}

/** All completely registered objects of a dataset, in the order of their ids (not of their arrival). */
export async function objectsOf(control: ControlStore, dataset: string): Promise<RegisteredObject[]> {
    const seen = new Map<string, { object: RegisteredObject; times: number }>();
    for (const key of await control.list(`control/registry/${dataset}`)) {
        const shard = await control.read<Shard>(key);
        for (const object of Object.values(shard?.value ?? {})) {
            seen.set(object.id, { object, times: (seen.get(object.id)?.times ?? 0) + 1 });
        }
    }
    return [...seen.values()]
        .filter(({ object, times }) => times === object.shards.length)
        .map(({ object }) => object)
        .sort((a, b) => (a.id < b.id ? -1 : 1));
}
