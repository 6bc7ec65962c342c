import { describe, expect, it } from 'vitest';
import { UsageError } from '#core/errors.ts';
import { type ArchiveFile, type newTally, rejectedRows } from '#core/generate/sales/archives.ts';
import { PART_DIRT_KINDS, ROW_DIRT_KINDS } from '#core/generate/sales/dirt.ts';
import type { SalesOptions } from '#core/generate/sales/options.ts';
import { generateSales } from '#core/generate/sales/sales.ts';
import { isoWeek } from '#core/generate/sales/weeks.ts';

/** Texts of part files by `week/day/part`. */
function partsOf(options: Partial<SalesOptions>): { texts: Map<string, string>; tally: ReturnType<typeof newTally> } {
    const { archives, tally } = generateSales({ weeks: 1, seed: 7, eventsPerPart: 10, ...options });
    const texts = new Map<string, string>();
    const walk = (prefix: string, files: Iterable<ArchiveFile>) => {
        for (const file of files) {
            if ('text' in file) texts.set(`${prefix}/${file.name}`, file.text);
            else walk(`${prefix}/${file.name}`, file.files());
        }
    };
    for (const { name, files } of archives) walk(name, files());
    return { texts, tally };
}

const eventsOf = (texts: ReadonlyMap<string, string>) =>
    [...texts.values()].flatMap((text) => JSON.parse(text) as Record<string, unknown>[]);

const textOf = (options: Partial<SalesOptions>, file: string) => {
    const found = generateSales({ weeks: 1, seed: 7, ...options }).files.find(({ name }) => name === file);
    return [...(found?.chunks ?? [])].join('');
};

describe('weekly archives', () => {
    it('have seven days of five parts, named by ISO year and week, date and number', () => {
        const { texts, tally } = partsOf({ weeks: 2, startDate: '2024-12-26' });

        expect(texts.size).toBe(70);
        expect([...texts.keys()][0]).toBe('events_2024_week_52.zip/events_2024-12-23.zip/part-001.json');
        expect([...texts.keys()].at(-1)).toBe('events_2025_week_01.zip/events_2025-01-05.zip/part-005.json');
        expect(tally.events).toBe(700);
    });

    it('hold events of their day in the order of their times, quantities with purchases alone', () => {
        const { texts } = partsOf({ eventsPerPart: 200 });
        const events = eventsOf(texts);

        expect(events).toHaveLength(7_000);
        const times = events.map(({ timestamp }) => String(timestamp));
        expect(times).toEqual(times.toSorted());
        expect(new Set(times.map((time) => time.slice(0, 10))).size).toBe(7);
        for (const { event_type, quantity } of events) expect(quantity !== undefined).toBe(event_type === 'purchase');
        const purchases = events.filter(({ event_type }) => event_type === 'purchase');
        expect(purchases.length / events.length).toBeCloseTo(0.05, 1);
        expect(new Set(purchases.map(({ quantity }) => quantity))).toEqual(new Set([1, 2, 3, 4, 5]));
    });

    it('are printed as JSON with two blanks a level', () => {
        for (const text of partsOf({}).texts.values()) expect(JSON.stringify(JSON.parse(text), null, 2)).toBe(text);
    });

    it('are the same for a seed, and others for another', () => {
        expect(partsOf({}).texts).toEqual(partsOf({}).texts);
        expect(partsOf({ seed: 8 }).texts).not.toEqual(partsOf({}).texts);
        // More weeks leave the first one as it is.
        expect([...partsOf({ weeks: 2 }).texts].slice(0, 35)).toEqual([...partsOf({}).texts]);
    });

    it('name customers and products that are in the tables', () => {
        const ids = (file: string) =>
            new Set(
                textOf({ products: 20, customers: 30 }, file)
                    .split('\n')
                    .slice(1)
                    .map((row) => row.split(',')[0]),
            );
        const events = eventsOf(partsOf({ products: 20, customers: 30 }).texts);

        for (const { customer_id } of events) expect(ids('customers.csv')).toContain(customer_id);
        for (const { product_id } of events) expect(ids('products.csv')).toContain(product_id);
    });
});

describe('dirt', () => {
    it('of every kind is planted, once a week a bad part, and the last week a second time', () => {
        const { texts, tally } = partsOf({ weeks: 4, eventsPerPart: 50, dirty: 0.05 });

        for (const kind of ROW_DIRT_KINDS) expect(tally.rows[kind], kind).toBeGreaterThan(0);
        for (const kind of PART_DIRT_KINDS) expect(tally.parts[kind], kind).toBeGreaterThan(0);
        expect(tally.repeatedWeeks).toBe(1);
        const copies = [...texts].filter(([name]) => name.includes('_copy.zip'));
        expect(copies).toHaveLength(36);
        for (const [name, text] of copies) expect(texts.get(name.replace('_copy', ''))).toBe(text);
        expect(tally.events).toBe(4 * 35 * 50);
    });

    it('leaves every good event, in its own words or in others that mean the same', () => {
        const clean = eventsOf(partsOf({ eventsPerPart: 100 }).texts);
        const { texts, tally } = partsOf({ eventsPerPart: 100, dirty: 0.2 });
        const week = [...texts]
            .filter(([name]) => !name.includes('_copy') && !name.includes('part-006'))
            .map(([, text]) => text);
        const all = week.flatMap((text) => JSON.parse(text) as (Record<string, unknown> | null)[]);
        const meant = all
            .filter((row) => row?.event_type !== 'teleported')
            .flatMap((row) => {
                const event = row === null ? undefined : { ...row };
                const time = Date.parse(`${event?.timestamp}${/[+]/.test(String(event?.timestamp)) ? '' : 'Z'}`);
                const quantity = event?.quantity === undefined ? undefined : Number(event.quantity);
                const isBad =
                    event?.customer_id === undefined ||
                    Number.isNaN(time) ||
                    (quantity !== undefined && !(Number.isInteger(quantity) && quantity > 0));
                return isBad || event === undefined || String(event.timestamp).startsWith('2023-02-30')
                    ? []
                    : [
                          {
                              ...event,
                              timestamp: new Date(time).toISOString().slice(0, 19),
                              ...(quantity === undefined ? {} : { quantity }),
                          },
                      ];
            });

        expect(meant).toEqual(clean);
        expect(rejectedRows(tally)).toBeGreaterThan(all.length - clean.length);
    });
});

describe('the tables', () => {
    it('come as CSV', () => {
        expect(textOf({ customers: 2 }, 'customers.csv')).toMatch(
            /^customer_id,join_date,segment\nc001,202\d-\d\d-\d\d,\w+\nc002,[^\n]+\n$/,
        );
        expect(textOf({ products: 1 }, 'products.csv')).toMatch(
            /^product_id,product_name,category,price\np001,Product \w+ 1,[\w &]+,\d+\.\d\d\n$/,
        );
    });

    it('come as a script for PostgreSQL with the same values', () => {
        const sql = textOf({ customers: 501, products: 3 }, 'shop.sql');
        const rows = textOf({ customers: 501, products: 3 }, 'customers.csv').trim().split('\n').slice(1);

        for (const row of rows) expect(sql).toContain(`('${row.split(',').join("', '")}')`);
        expect(sql.match(/insert into customers/g)).toHaveLength(2);
        expect(sql).toMatch(/^begin;\ndrop table if exists customers;/);
        expect(sql).toMatch(/commit;\n$/);
    });
});

describe('a week', () => {
    it.each([
        ['2023-10-25', 0, 2023, 43, '2023-10-23'],
        ['2021-01-01', 0, 2020, 53, '2020-12-28'],
        ['2021-01-01', 1, 2021, 1, '2021-01-04'],
        ['2024-12-30', 0, 2025, 1, '2024-12-30'],
        ['2023-01-01', 0, 2022, 52, '2022-12-26'],
    ])('of %s and %i is %i week %i from %s on', (date, index, year, week, monday) => {
        expect(isoWeek(date, index)).toMatchObject({ year, week });
        expect(isoWeek(date, index).days[0]).toBe(monday);
        expect(isoWeek(date, index).days).toHaveLength(7);
    });
});

describe('options out of range are refused:', () => {
    it.each([
        [{ weeks: 0 }, 'weeks to be an integer from 1 to 1040, found 0'],
        [{ seed: -1 }, 'seed to be an integer'],
        [{ eventsPerPart: 0 }, 'eventsPerPart to be an integer from 1 to 1000000, found 0'],
        [{ customers: 0 }, 'customers to be an integer'],
        [{ products: 1.5 }, 'products to be an integer'],
        [{ dirty: 0.6 }, 'dirty to be a number from 0 to 0.5, found 0.6'],
        [{ startDate: 'monday' }, 'startDate to be a date such as 2024-01-31, found monday'],
    ])('%j', (options, message) => {
        const act = () => generateSales({ weeks: 1, seed: 1, ...options });
        expect(act).toThrow(UsageError);
        expect(act).toThrow(message);
    });
});
