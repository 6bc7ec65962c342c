import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import type { ArchiveFile } from '#core/generate/sales/archives.ts';
import { generateSales } from '#core/generate/sales/sales.ts';
import { createPostgresServer, type PostgresServer } from '#embedded/postgres/server.ts';
import { zipOf } from '#test/support/archives.ts';

interface Event {
    readonly timestamp: string;
    readonly customer_id: string;
    readonly event_type: string;
    readonly product_id?: string;
    readonly quantity?: number;
}

/** A shop with a database of its own and weekly archives of events on disk. */
export interface SalesShop {
    readonly server: PostgresServer;
    /** URL of a role that may only read. */
    readonly url: string;
    /** Paths of the archives. */
    readonly archives: readonly string[];
    readonly purchases: readonly Event[];
    /** Runs a statement as the owner. */
    sql(text: string): Promise<Record<string, string>[]>;
}

export async function aSalesShop(folder: string): Promise<SalesShop> {
    const { files, archives } = generateSales({ weeks: 2, seed: 11, eventsPerPart: 60, customers: 40, products: 15 });
    const server = createPostgresServer({ folder: join(folder, 'shop-postgres') });
    const { url } = await server.acquire();
    const sql = async (text: string) => {
        const client = new pg.Client(url);
        await client.connect();
        try {
            return (await client.query({ text, types: { getTypeParser: () => String } })).rows;
        } finally {
            await client.end();
        }
    };
    const script = files.find(({ name }) => name === 'shop.sql');
    await sql([...(script?.chunks ?? [])].join(''));
    await sql("create role reader login password 'reads'");
    await sql('grant usage on schema public to reader; grant select on customers, products to reader');
    await mkdir(join(folder, 'weeks'));
    const paths: string[] = [];
    const purchases: Event[] = [];
    for (const { name, files: days } of archives) {
        const path = join(folder, 'weeks', name);
        await writeFile(path, await archiveOf(days(), purchases));
        paths.push(path);
    }
    const reader = new URL(url);
    reader.username = 'reader';
    reader.password = 'reads';
    return { server, url: reader.href, archives: paths, purchases, sql };
}

async function archiveOf(files: Iterable<ArchiveFile>, purchases: Event[]): Promise<Buffer> {
    const packed: Record<string, string | Buffer> = {};
    for (const file of files) {
        if ('files' in file) {
            packed[file.name] = await archiveOf(file.files(), purchases);
        } else {
            packed[file.name] = file.text;
            purchases.push(...(JSON.parse(file.text) as Event[]).filter((event) => event.event_type === 'purchase'));
        }
    }
    return zipOf(packed);
}

/** What the report must be, computed the long way round: in cents, from the events and the rows of the database. */
export async function expectedReport({ purchases, sql }: SalesShop): Promise<string> {
    const products = new Map((await sql('select * from products')).map((row) => [row.product_id, row]));
    const customers = new Map((await sql('select * from customers')).map((row) => [row.customer_id, row]));
    const cells = new Map<string, { cents: number; units: number; buyers: Set<string> }>();
    for (const { product_id: product, customer_id: customer, quantity = 1 } of purchases) {
        const key = `${products.get(product)?.category ?? 'unknown'},${customers.get(customer)?.segment ?? 'unknown'}`;
        const cell = cells.get(key) ?? { cents: 0, units: 0, buyers: new Set<string>() };
        cell.cents += Math.round(Number(products.get(product)?.price ?? 0) * 100) * quantity;
        cell.units += quantity;
        cell.buyers.add(customer);
        cells.set(key, cell);
    }
    const lines = [...cells]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, { cents, units, buyers }]) => {
            const money = `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
            return `${key},${money},${units},${buyers.size}\r\n`;
        });
    return `category,customer_segment,total_revenue,units_sold,unique_customers\r\n${lines.join('')}`;
}
