import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '#core/errors.ts';
import { generateShop } from '#core/generate/shop.ts';
import type { LedgerEntry } from '#core/ledger/entry.ts';
import { type WrittenFile, writeFiles } from '../generate-files.ts';
import type { Progress } from '../output/progress.ts';
import { NOTE } from './holds-demo.ts';

export interface DemoShop {
    readonly users: number;
    readonly seed: number;
}

/** The treatment makes so many more users buy, so that there is something to find. */
export const DEMO_EFFECT = 0.5;
/** One row in so many is bad, so that there is something in quarantine. */
const DIRTY = 0.003;

/**
 * Writes the files of the demo's shop, always the same for the same options.
 *
 * @throws UsageError when the lake holds another shop: their users and events would mix
 */
export async function demoData(
    folder: string,
    shop: DemoShop,
    entries: readonly LedgerEntry[],
    progress: Progress,
): Promise<WrittenFile[]> {
    const noteFile = join(folder, NOTE);
    const note = await readFile(noteFile, 'utf8').catch(() => undefined);
    const wanted = JSON.stringify(shop);
    if (note !== undefined && note !== wanted) {
        throw new UsageError(
            `This lake holds another demo (${note}). Use cartlake clean first, or another lake with --lake.`,
        );
    }
    if (note === undefined && entries.length > 0) {
        throw new UsageError(
            "This lake holds files of your own, which the demo's shop would mix with. Name another lake: --lake demo-lake",
        );
    }
    const generated = generateShop({ ...shop, effect: DEMO_EFFECT, dirty: DIRTY });
    const written = await writeFiles(generated, folder, progress);
    await writeFile(noteFile, wanted);
    return written;
}
