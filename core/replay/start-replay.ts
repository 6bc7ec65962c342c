import { createHash } from 'node:crypto';
import { UsageError } from '../errors.ts';
import type { LedgerEntry } from '../ledger/entry.ts';
import type { IngestContext } from '../pipeline.ts';
import { requireContract } from './replay.ts';
import type { ListedObject } from './reread.ts';

/** Of more, the outputs of the items would together be larger than the service allows, though nobody reads them. */
export const MOST_OBJECTS = 50_000;

/**
 * Starts an execution of the replay machine over landed objects and returns its name; undefined when there are none.
 * The objects stand in a file, so there may be many. While a replay of the same objects runs, that one is joined.
 *
 * @throws UsageError when an object is covered by no contract, or there are too many
 */
export async function startReplay(
    { contracts, blobs, executions }: Pick<IngestContext, 'contracts' | 'blobs' | 'executions'>,
    entries: readonly LedgerEntry[],
): Promise<string | undefined> {
    if (entries.length === 0) return undefined;
    if (entries.length > MOST_OBJECTS) {
        throw new UsageError(
            `${entries.length} files are more than one replay takes (${MOST_OBJECTS}): read some of them at a time, with --from and --to.`,
        );
    }
    for (const entry of entries) requireContract(contracts, entry);
    const objects = entries
        .map(({ id, attempt, state }): ListedObject => ({ id, attempt, state }))
        .sort((a, b) => (a.id < b.id ? -1 : 1));
    const hash = createHash('sha256').update(objects.map(({ id }) => id).join('\n'));
    const base = `replay-${hash.digest('hex').slice(0, 24)}`;
    for (let time = 1; ; time++) {
        const name = `${base}-${time}`;
        const status = await executions.status('replay', name);
        // One that ended is kept under its name for months.
        if (status !== undefined && status !== 'RUNNING') continue;
        const manifest = manifestOf(name);
        // Of two who come here at once one starts it, over the list of either: both name the same objects.
        if (status === undefined) await blobs.putText(manifest, JSON.stringify(objects));
        await executions.start('replay', name, { manifest });
        return name;
    }
}

/** Which objects of a replay were read since it listed them, well or not; whoever joined it asks here too. */
export async function readBy(
    { blobs, ledger }: Pick<IngestContext, 'blobs' | 'ledger'>,
    name: string,
): Promise<ReadonlySet<string>> {
    const listed = JSON.parse((await blobs.readText(manifestOf(name))) ?? '[]') as ListedObject[];
    const entries = await Promise.all(listed.map(({ id }) => ledger.find(id)));
    return new Set(listed.flatMap(({ id, attempt }, index) => ((entries[index]?.attempt ?? 0) > attempt ? [id] : [])));
}

const manifestOf = (name: string) => `runs/${name}/manifest.json`;
