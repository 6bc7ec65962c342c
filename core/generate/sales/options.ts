import type { IsoDate } from '../../types.ts';
import { between, integer, refuse } from '../options.ts';

/** What made-up weekly archives hold. The same options make the same files, byte for byte. */
export interface SalesOptions {
    /** Weekly archives, 1 to 1040. */
    readonly weeks: number;
    /** Any integer from 0 to 2^53 - 1. */
    readonly seed: number;
    /** Events of one part file, 1 to 1 million; a day has five parts, a week seven days. @default 100 */
    readonly eventsPerPart?: number | undefined;
    /** A day of the first week. @default 2023-01-02 */
    readonly startDate?: IsoDate | undefined;
    /** Number of customers, 1 to 1 million. @default 1000 */
    readonly customers?: number | undefined;
    /** Number of products, 1 to 100,000. @default 200 */
    readonly products?: number | undefined;
    /**
     * Bad rows, as a share of the good ones, 0 to 0.5. Above 0 there are also bad parts, one a week, and the last week
     * stands there under a second name. @default 0
     */
    readonly dirty?: number | undefined;
}

/** Options with every default filled in and checked. */
export type Sales = { readonly [Name in keyof SalesOptions]-?: Exclude<SalesOptions[Name], undefined> };

/** Fills in defaults. Throws UsageError for a value outside of its range. */
export function salesOf(options: SalesOptions): Sales {
    const sales: Sales = {
        weeks: options.weeks,
        seed: options.seed,
        eventsPerPart: options.eventsPerPart ?? 100,
        startDate: options.startDate ?? '2023-01-02',
        customers: options.customers ?? 1_000,
        products: options.products ?? 200,
        dirty: options.dirty ?? 0,
    };
    integer('weeks', sales.weeks, 1, 1_040);
    integer('seed', sales.seed, 0, Number.MAX_SAFE_INTEGER);
    integer('eventsPerPart', sales.eventsPerPart, 1, 1_000_000);
    integer('customers', sales.customers, 1, 1_000_000);
    integer('products', sales.products, 1, 100_000);
    between('dirty', sales.dirty, 0, 0.5);
    if (Number.isNaN(Date.parse(`${sales.startDate}T00:00:00Z`))) {
        refuse('startDate', 'a date such as 2024-01-31', sales.startDate);
    }
    return sales;
}
