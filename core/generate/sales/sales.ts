import type { GeneratedFile } from '../files.ts';
import { newTally, type Tally, type WeekArchive, weekArchives } from './archives.ts';
import { databaseFiles, namesOf } from './database.ts';
import { type SalesOptions, salesOf } from './options.ts';

/** Weekly archives of events, and the tables of the database they belong to. */
export interface GeneratedSales {
    /** `customers.csv`, `products.csv` and `shop.sql`. */
    readonly files: readonly GeneratedFile[];
    readonly archives: Iterable<WeekArchive>;
    /** What the archives hold that were written so far. */
    readonly tally: Tally;
}

/**
 * A made-up shop whose events come as nested archives (week > day > part files) and whose customers and products live
 * in a database. Every part has a stream of random numbers of its own, so memory does not grow with the weeks.
 * Throws UsageError for options out of range.
 */
export function generateSales(options: SalesOptions): GeneratedSales {
    const sales = salesOf(options);
    const names = namesOf(sales);
    const tally = newTally();
    return { files: databaseFiles(sales, names), archives: weekArchives(sales, names, tally), tally };
}
