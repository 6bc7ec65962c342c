import type { IsoDate, IsoInstant } from '../../types.ts';

/** What was sold, to whom: money is decimal text with two digits, in the shop's currency. */
export interface Sales {
    readonly revenue: string;
    readonly units: number;
    /** Different customers; not additive. */
    readonly customers: number;
    readonly purchases: number;
}

export interface SalesCell extends Sales {
    readonly category: string;
    readonly segment: string;
}

/** The sales a report is about; undefined for all. Both ends of a range are included. */
export interface SalesFilter {
    readonly from: IsoDate | undefined;
    readonly to: IsoDate | undefined;
    readonly category: string | undefined;
}

/** Whether a filter leaves nothing out. */
export function isWhole({ from, to, category }: SalesFilter): boolean {
    return from === undefined && to === undefined && category === undefined;
}

/** One place where the same sales are counted, and whether it says the same as the purchases themselves. */
export interface Reconciled {
    readonly place: string;
    /** Null where a place knows no money. */
    readonly revenue: string | null;
    readonly units: number | null;
    readonly agrees: boolean;
    readonly remark: string;
}

/** A sales report, complete: every form of it is made from this alone. */
export interface SalesReport {
    readonly format: 'cartlake.sales/1';
    /** The day of the newest event. */
    readonly asOf: IsoDate;
    readonly filter: { readonly from: IsoDate | null; readonly to: IsoDate | null; readonly category: string | null };
    /** First and last day with a purchase; null without any. */
    readonly days: { readonly first: IsoDate; readonly last: IsoDate } | null;
    readonly total: Sales;
    /** By category and segment: the rows of `sales_report`. */
    readonly cells: readonly SalesCell[];
    readonly categories: readonly (Sales & { readonly category: string })[];
    readonly segments: readonly (Sales & { readonly segment: string })[];
    readonly daily: readonly (Sales & { readonly day: IsoDate })[];
    readonly weekly: readonly (Sales & { readonly startsOn: IsoDate; readonly segment: string })[];
    readonly monthly: readonly (Sales & { readonly startsOn: IsoDate; readonly segment: string })[];
    /** Purchases that are in the totals without the full story. */
    readonly unknown: { readonly products: number; readonly customers: number; readonly prices: number };
    readonly reconciliation: readonly Reconciled[];
}

/** What a written report says about itself. */
export interface SalesMeta {
    readonly generatedAt: IsoInstant;
    /** Hash of the report: equal numbers, equal hash. */
    readonly hash: string;
}

/** The name of products and customers nobody has told of. */
export const UNKNOWN = 'unknown';
