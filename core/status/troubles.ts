import { fileNameOf, isTakenOut, type LedgerEntry } from '../ledger/entry.ts';
import type { IsoInstant } from '../types.ts';
import type { TableStatus } from './tables.ts';

/** Something that did not go as it should, and what a person can do. */
export interface Trouble {
    readonly kind:
        | 'rejected_object'
        | 'unfinished_object'
        | 'halted_model'
        | 'failed_build'
        | 'unpublished'
        | 'open_build'
        /** Of a deployed pipeline: files that landed and are not in the ledger. */
        | 'not_admitted';
    /** The object, model or build it is about. */
    readonly subject: string;
    readonly what: string;
    readonly next: string;
}

/** What is needed to know of the last build execution. */
export interface LastBuild {
    readonly name: string;
    readonly status: string;
    readonly stoppedAt: IsoInstant | undefined;
    readonly error: string | undefined;
    /** A sentence, or a function's error as JSON. */
    readonly cause: string | undefined;
}

export interface Evidence {
    readonly entries: readonly LedgerEntry[];
    readonly tables: readonly TableStatus[];
    readonly lastBuild: LastBuild | undefined;
    /** Models the last build left at their last good version. */
    readonly halted: readonly { readonly model: string; readonly reason: string }[];
    /** Builds asked for, not done and not running. */
    readonly open: number;
}

/** Everything that needs a hand, objects first. */
export function troublesOf({ entries, tables, lastBuild, halted, open }: Evidence): Trouble[] {
    const troubles = entries.flatMap((entry) => (isMended(entry, entries) ? [] : (objectTrouble(entry) ?? [])));
    for (const { model, reason } of halted) {
        const next = 'correct the rows (cartlake reject FILE takes a file out) or the model, then cartlake build';
        troubles.push({ kind: 'halted_model', subject: model, what: reason, next });
    }
    const hasFailed = lastBuild !== undefined && lastBuild.status !== 'SUCCEEDED' && halted.length === 0;
    if (hasFailed && open > 0) {
        troubles.push({
            kind: 'failed_build',
            subject: lastBuild.name,
            what: sentenceOf(lastBuild.cause) || lastBuild.error || lastBuild.status,
            next: `cartlake build (what happened: cartlake executions ${lastBuild.name})`,
        });
    } else if (open > 0) {
        const what = 'A build was asked for and is not done.';
        troubles.push({ kind: 'open_build', subject: 'build', what, next: 'cartlake build' });
    }
    const behind = tables.filter((table) => table.publish && table.version !== undefined && !table.published);
    if (behind.length > 0 && open === 0) {
        const names = behind.map(({ publish }) => `marts.${publish}`).join(', ');
        const what = 'Postgres shows an older version.';
        troubles.push({ kind: 'unpublished', subject: names, what, next: 'cartlake build' });
    }
    return troubles;
}

/** A rejected file whose name came again and was accepted needs nobody any more. */
function isMended(entry: LedgerEntry, entries: readonly LedgerEntry[]): boolean {
    return (
        entry.state === 'rejected' &&
        entries.some(
            (other) =>
                (other.state === 'staged' || other.state === 'built') &&
                other.receivedAt > entry.receivedAt &&
                fileNameOf(other) === fileNameOf(entry),
        )
    );
}

function objectTrouble({ id, object, state, reason }: LedgerEntry): Trouble | undefined {
    if (isTakenOut({ state, reason })) return undefined;
    if (state === 'rejected') {
        const what = reason ?? 'no reason known';
        const next = `correct the file or the contract and ingest it again (object ${id.slice(0, 8)})`;
        return { kind: 'rejected_object', subject: object.key, what, next };
    }
    if (state !== 'received') return undefined;
    const what = reason ?? 'It was taken in and not finished.';
    return { kind: 'unfinished_object', subject: object.key, what, next: 'cartlake build' };
}

/** The sentence of an execution's cause. */
export function sentenceOf(cause: string | undefined): string {
    try {
        const parsed: unknown = JSON.parse(cause ?? '');
        if (typeof parsed === 'object' && parsed !== null && 'errorMessage' in parsed) {
            return String(parsed.errorMessage);
        }
    } catch {
        // A sentence already.
    }
    return cause ?? '';
}
