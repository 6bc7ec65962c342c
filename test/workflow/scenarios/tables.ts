import { basename } from 'node:path';
import type { Catalog } from '#core/catalog/catalog.ts';
import type { ControlStore } from '#core/store/ports.ts';

/** Their rows say when files landed, which differs from run to run. */
const DATED_BY_LANDING = new Set(['dim_product_versions', 'dim_customer_versions']);

/**
 * The hash of the rows of each table, as its catalog pointer has it. Tables whose rows name the place they came from
 * are left out, because that place has another name elsewhere; those made of them are there.
 */
export async function tablesOf(control: ControlStore, catalog: Catalog): Promise<Record<string, string>> {
    const found: Record<string, string> = {};
    for (const key of await control.list('control/catalog')) {
        const model = basename(key);
        const version = await catalog.current(model);
        const namesPlaces = version?.columns.some(({ name }) => name.startsWith('_'));
        if (version && !namesPlaces && !DATED_BY_LANDING.has(model)) found[model] = version.content;
    }
    return found;
}
