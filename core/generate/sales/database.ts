import { csvFile, type GeneratedFile } from '../files.ts';
import { Random } from '../random.ts';
import { STREAM } from '../streams.ts';
import type { Names } from './events.ts';
import type { Sales } from './options.ts';

const SEGMENTS = ['New', 'Regular', 'VIP', 'Lapsed'] as const;
const CATEGORIES = ['Books', 'Clothing', 'Electronics', 'Home & Garden', 'Sports & Outdoors'] as const;
const WORDS = ['Alpha', 'Beta', 'Gamma', 'Delta', 'Omega'] as const;
const CHEAPEST_CENTS = 500;
const DEAREST_CENTS = 50_000;
const JOINED_WITHIN_DAYS = 365;
const ROWS_A_STATEMENT = 500;

/** A table of the shop's database, as texts. */
interface Table {
    readonly name: string;
    readonly columns: readonly (readonly [name: string, type: string])[];
    rows(): Iterable<readonly string[]>;
}

/** `c001`, `p001`, ...: as many digits as the last one needs, three at least. */
export function namesOf({ customers, products }: Pick<Sales, 'customers' | 'products'>): Names {
    const names = (letter: string, count: number) =>
        Array.from(
            { length: count },
            (_, index) => letter + String(index + 1).padStart(Math.max(3, String(count).length), '0'),
        );
    return { customers: names('c', customers), products: names('p', products) };
}

/** Customers and products as CSV, and as one SQL script that makes both tables in PostgreSQL. */
export function databaseFiles(sales: Sales, names: Names): GeneratedFile[] {
    const tables = [customersOf(sales, names), productsOf(sales, names)];
    const csv = tables.map(({ name, columns, rows }) =>
        csvFile(`${name}.csv`, columns.map(([column]) => column).join(','), function* () {
            for (const row of rows()) yield `${row.join(',')}\n`;
        }),
    );
    return [...csv, { name: 'shop.sql', chunks: { [Symbol.iterator]: () => sqlOf(tables) } }];
}

function customersOf({ seed, startDate }: Sales, { customers }: Names): Table {
    const start = Date.parse(`${startDate}T00:00:00Z`);
    return {
        name: 'customers',
        columns: [
            ['customer_id', 'text primary key'],
            ['join_date', 'date not null'],
            ['segment', 'text not null'],
        ],
        *rows() {
            const random = new Random();
            for (const [index, id] of customers.entries()) {
                random.restart(seed, STREAM.customer, index + 1);
                const joined = start - (1 + random.below(JOINED_WITHIN_DAYS)) * 86_400_000;
                const segment = SEGMENTS[random.below(SEGMENTS.length)] as string;
                yield [id, new Date(joined).toISOString().slice(0, 10), segment];
            }
        },
    };
}

function productsOf({ seed }: Sales, { products }: Names): Table {
    return {
        name: 'products',
        columns: [
            ['product_id', 'text primary key'],
            ['product_name', 'text not null'],
            ['category', 'text not null'],
            ['price', 'numeric(10, 2) not null'],
        ],
        *rows() {
            const random = new Random();
            for (const [index, id] of products.entries()) {
                random.restart(seed, STREAM.product, index + 1);
                const category = CATEGORIES[random.below(CATEGORIES.length)] as string;
                const name = `Product ${WORDS[random.below(WORDS.length)]} ${index + 1}`;
                const cents = CHEAPEST_CENTS + random.below(DEAREST_CENTS - CHEAPEST_CENTS + 1);
                yield [id, name, category, (cents / 100).toFixed(2)];
            }
        },
    };
}

/** The script can be run again: it begins by dropping what it makes. */
function* sqlOf(tables: readonly Table[]): Generator<string> {
    yield 'begin;\n';
    for (const { name, columns, rows } of tables) {
        yield `drop table if exists ${name};\ncreate table ${name} (\n`;
        yield `${columns.map(([column, type]) => `    ${column} ${type}`).join(',\n')}\n);\n`;
        let values: string[] = [];
        for (const row of rows()) {
            values.push(`    (${row.map((value) => `'${value}'`).join(', ')})`);
            if (values.length < ROWS_A_STATEMENT) continue;
            yield insert(name, values);
            values = [];
        }
        if (values.length > 0) yield insert(name, values);
    }
    yield 'commit;\n';
}

function insert(table: string, values: readonly string[]): string {
    return `insert into ${table} values\n${values.join(',\n')};\n`;
}
