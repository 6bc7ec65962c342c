import type { Catalog } from '../catalog/catalog.ts';
import type { TableVersion } from '../catalog/version.ts';
import type { IsoInstant } from '../types.ts';
import { stayAt } from './versions.ts';

/** Tables as readers saw them at a moment. */
export interface CatalogAsOf extends Pick<Catalog, 'current'> {
    /** Tables asked for so far whose version of then is not known or not kept any more. */
    readonly lost: ReadonlySet<string>;
}

/** A catalog whose current versions are those of a moment. A table that was not built then has none. */
export function catalogAsOf(catalog: Catalog, at: IsoInstant): CatalogAsOf {
    const lost = new Set<string>();
    return {
        lost,
        async current(model): Promise<TableVersion | undefined> {
            const pointer = await catalog.pointer(model);
            if (!pointer) return undefined;
            const stay = stayAt(pointer, at);
            const version = stay && (await catalog.version(model, stay.version));
            // A pointer that forgot its oldest versions cannot tell "not built yet" from "long ago".
            if (!version && (stay || pointer.history.length > 0)) lost.add(model);
            return version;
        },
    };
}
