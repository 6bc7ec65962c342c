import { coerceError } from '../errors.ts';
import type { Catalog } from './catalog.ts';
import type { TableVersion } from './version.ts';

/** A copy of the catalog's pointers for readers who know another catalog, such as Glue's. Pointers are the authority. */
export interface CatalogMirror {
    /** Shows the version that `current` says is the current one; asks again when somebody else changes the mirror. */
    show(model: string, current: () => Promise<TableVersion | undefined>): Promise<void>;
    /** Removes what engines made for the queries of builds; nothing is being built. */
    tidy(): Promise<void>;
}

/**
 * Shows the current versions of models. Readers of the mirror may wait for the next build, builds do not wait for the
 * mirror: what fails is returned, a sentence a model.
 */
export async function mirrorModels(
    mirror: CatalogMirror | undefined,
    catalog: Pick<Catalog, 'current'>,
    models: readonly string[],
): Promise<string[]> {
    const failures: string[] = [];
    if (mirror === undefined) return failures;
    for (const model of models) {
        try {
            await mirror.show(model, () => catalog.current(model));
        } catch (error) {
            failures.push(`${model}: ${coerceError(error).message}`);
        }
    }
    return failures;
}
