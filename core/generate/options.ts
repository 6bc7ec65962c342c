import { UsageError } from '../errors.ts';
import type { IsoDate } from '../types.ts';

/** What a made-up shop is like. The same options make the same files, byte for byte. */
export interface ShopOptions {
    /** Number of users, 1 to 10 million. A user with the default 3 sessions has about 9 events. */
    readonly users: number;
    /** Any integer from 0 to 2^53 - 1. */
    readonly seed: number;
    /** First day of the shop. @default 2024-01-01 */
    readonly startDate?: IsoDate | undefined;
    /** Length in days, 1 to 3660. @default 365 */
    readonly days?: number | undefined;
    /**
     * Relative change that the treatment makes to the share of users who buy after their assignment: 0.1 is +10 %.
     * From -1 to 1. @default 0
     */
    readonly effect?: number | undefined;
    /** Bad rows planted in the events file, as a share of its good rows, 0 to 0.5. @default 0 */
    readonly dirty?: number | undefined;
    /** Mean number of sessions of a user (1 to twice this less one), 1 to 20. @default 3 */
    readonly sessionsPerUser?: number | undefined;
    /** Number of products, 1 to 100,000. @default 200 */
    readonly products?: number | undefined;
    /** Name of the experiment. @default new_product_page */
    readonly experiment?: string | undefined;
}

/** Options with every default filled in and checked. */
export type Shop = { readonly [Name in keyof ShopOptions]-?: Exclude<ShopOptions[Name], undefined> };

/** Fills in defaults. Throws UsageError for a value outside of its range. */
export function shopOf(options: ShopOptions): Shop {
    const shop: Shop = {
        users: options.users,
        seed: options.seed,
        startDate: options.startDate ?? '2024-01-01',
        days: options.days ?? 365,
        effect: options.effect ?? 0,
        dirty: options.dirty ?? 0,
        sessionsPerUser: options.sessionsPerUser ?? 3,
        products: options.products ?? 200,
        experiment: options.experiment ?? 'new_product_page',
    };
    integer('users', shop.users, 1, 10_000_000);
    integer('seed', shop.seed, 0, Number.MAX_SAFE_INTEGER);
    integer('days', shop.days, 1, 3660);
    integer('sessionsPerUser', shop.sessionsPerUser, 1, 20);
    integer('products', shop.products, 1, 100_000);
    between('effect', shop.effect, -1, 1);
    between('dirty', shop.dirty, 0, 0.5);
    if (!isDate(shop.startDate)) refuse('startDate', 'a date such as 2024-01-01', shop.startDate);
    if (!/^[\w-]{1,64}$/.test(shop.experiment))
        refuse('experiment', '1 to 64 letters, digits, _ or -', shop.experiment);
    return shop;
}

/** Throws UsageError unless the value is an integer from `least` to `most`. */
export function integer(name: string, value: number, least: number, most: number): void {
    if (!Number.isInteger(value) || value < least || value > most) {
        refuse(name, `an integer from ${least} to ${most}`, String(value));
    }
}

/** Throws UsageError unless the value is a number from `least` to `most`. */
export function between(name: string, value: number, least: number, most: number): void {
    if (!(value >= least && value <= most)) refuse(name, `a number from ${least} to ${most}`, String(value));
}

function isDate(text: string): boolean {
    const instant = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
    return !Number.isNaN(instant) && new Date(instant).toISOString().startsWith(text);
}

/** Refuses the value of an option. */
export function refuse(name: string, expected: string, found: string): never {
    throw new UsageError(`generate: expected ${name} to be ${expected}, found ${found}. Correct ${name}.`);
}
