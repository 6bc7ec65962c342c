import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { generateEventsDay } from '#core/generate/day.ts';
import { generateShop } from '#core/generate/shop.ts';

const SEED = 42;
/** Events of a user of the generator's default shop, on average. */
const EVENTS_PER_USER = 8.7;

/** What to make: a shop of a year, or one more day of it. */
export interface GenerateInput {
    readonly folder: string;
    /** Events of the year, about. */
    readonly rows: number;
    /** Bad rows, as a share of the good ones. */
    readonly dirty: number;
    /** Number of the day after the year, or none for the year itself. */
    readonly day: number | undefined;
}

/** Files by dataset, and how many rows the events file has. */
export interface Generated {
    readonly files: Readonly<Record<string, string>>;
    readonly events: number;
}

/** Writes the CSV files of a made-up shop (effect +10 %) into a new folder. */
export async function generate({ folder, rows, dirty, day }: GenerateInput): Promise<Generated> {
    const shop = { users: Math.round(rows / EVENTS_PER_USER), seed: SEED, effect: 0.1, dirty };
    const generated = day === undefined ? generateShop(shop) : generateEventsDay(shop, day);
    await mkdir(folder, { recursive: true });
    const files: Record<string, string> = {};
    for (const { name, chunks } of generated.files) {
        const path = join(folder, name);
        await pipeline(Readable.from(chunks), createWriteStream(path));
        files[name.replace(/(_\d{4}-\d{2}-\d{2})?\.csv$/, '')] = path;
    }
    return { files, events: generated.manifest().rows };
}
