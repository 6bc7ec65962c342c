import { type DatasetTotals, type LedgerTotals, NO_TOTALS } from '../ledger/totals.ts';

/** What has come in of one dataset. */
export interface DatasetStatus extends DatasetTotals {
    readonly dataset: string;
}

/** The ledger's totals as a list; datasets without objects are there with zeros. */
export function datasetStatuses(totals: LedgerTotals, datasets: Iterable<string>): DatasetStatus[] {
    const names = new Set([...datasets, ...Object.keys(totals)]);
    return [...names].map((dataset) => ({ dataset, ...(totals[dataset] ?? NO_TOTALS) }));
}
