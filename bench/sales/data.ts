import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeArchive } from '#adapters/archive/write.ts';
import { generateSales } from '#core/generate/sales/sales.ts';

const SEED = 7;

/** How many events: 35 parts a week. */
export interface SalesData {
    readonly weeks: number;
    readonly eventsPerPart: number;
}

/** Writes weekly archives, customers and products into a new folder. */
export async function writeSales(folder: string, data: SalesData): Promise<{ folder: string; events: number }> {
    const { archives, tally } = await writeTables(folder, data);
    for (const { name, files } of archives) await writeArchive(join(folder, name), files());
    return { folder, events: tally.events };
}

/** Writes archives of one day each beside customers and products, and returns their paths in the order of days. */
export async function writeDays(folder: string, days: number, eventsPerPart: number): Promise<string[]> {
    const { archives } = await writeTables(folder, { weeks: Math.ceil(days / 7), eventsPerPart });
    const paths: string[] = [];
    for (const week of archives) {
        for (const day of week.files()) {
            if (paths.length === days || !('files' in day)) break;
            const path = join(folder, `order_${day.name}`);
            await writeArchive(path, day.files());
            paths.push(path);
        }
    }
    return paths;
}

async function writeTables(folder: string, data: SalesData) {
    const sales = generateSales({ ...data, seed: SEED });
    await mkdir(folder, { recursive: true });
    for (const { name, chunks } of sales.files) {
        if (name.endsWith('.csv')) await writeFile(join(folder, name), chunks);
    }
    return sales;
}
