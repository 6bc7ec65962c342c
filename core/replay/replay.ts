import { UsageError } from '../errors.ts';
import { executionName, isTakenOut, type LedgerEntry } from '../ledger/entry.ts';
import type { IngestContext } from '../pipeline.ts';
import type { IsoDate } from '../types.ts';

/** Which landed objects to read again. */
export interface ReplayScope {
    readonly dataset: string;
    /** Only objects with rows of these dates, inclusive; objects without dates always count. */
    readonly from?: IsoDate | undefined;
    readonly to?: IsoDate | undefined;
}

type ReplayContext = Pick<IngestContext, 'contracts' | 'ledger' | 'executions'>;

/**
 * The objects of a dataset that a replay would read again; those that people took out stay out. Throws UsageError for a
 * dataset without a contract.
 */
export function replayable(
    { contracts }: Pick<ReplayContext, 'contracts'>,
    entries: readonly LedgerEntry[],
    { dataset, from, to }: ReplayScope,
): LedgerEntry[] {
    if (!contracts.has(dataset)) {
        throw new UsageError(`There is no dataset "${dataset}". There is: ${[...contracts.keys()].join(', ')}.`);
    }
    const isWithin = (date: IsoDate) => (from === undefined || date >= from) && (to === undefined || date <= to);
    return entries.filter((entry) => {
        if (entry.dataset !== dataset || isTakenOut(entry)) return false;
        const dates = Object.keys(entry.staged?.dates ?? {});
        return dates.length === 0 || dates.some(isWithin);
    });
}

/**
 * Reads one landed object again, as its contract stands now. The raw file is what it was; rows it gave before are
 * replaced. Throws UsageError for an object that no contract covers.
 */
export async function replay({ contracts, ledger, executions }: ReplayContext, entry: LedgerEntry): Promise<void> {
    requireContract(contracts, entry);
    const { id, attempt } = await ledger.reopen(entry.id);
    await executions.start('ingest', executionName({ id, attempt }), { id, attempt });
}

/** Throws UsageError for an object that no contract covers. */
export function requireContract(contracts: ReplayContext['contracts'], entry: LedgerEntry): void {
    if (contracts.has(entry.dataset)) return;
    throw new UsageError(
        `No contract covers ${entry.object.key}: it cannot be read again. ` +
            'Ingest the file again once there is one, or name its dataset (cartlake ingest FILE --dataset NAME).',
    );
}
