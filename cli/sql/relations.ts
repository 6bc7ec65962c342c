import type { Catalog } from '#core/catalog/catalog.ts';
import { UsageError } from '#core/errors.ts';
import { catalogAsOf } from '#core/history/as-of.ts';
import { queryableRelations, type Relation } from '#core/status/relations.ts';
import type { IsoInstant } from '#core/types.ts';

type RelationContext = Parameters<typeof queryableRelations>[0] & { readonly catalog: Catalog };

/** What can be asked: everything as it stands now, or the tables alone as readers saw them at a moment. */
export async function relationsOf(
    context: RelationContext,
    asOf: IsoInstant | undefined,
): Promise<{ relations: Relation[]; lost: readonly string[] }> {
    if (asOf === undefined) return { relations: await queryableRelations(context), lost: [] };
    const catalog = catalogAsOf(context.catalog, asOf);
    const all = await queryableRelations({ ...context, catalog });
    const relations = all.filter(({ kind }) => kind === 'table');
    if (relations.length > 0) return { relations, lost: [...catalog.lost].sort() };
    throw new UsageError(`No table of ${asOf} is kept. When readers saw which version: cartlake history MODEL`);
}

/** The relations whose names stand in a statement; all where there are none (`show tables`). */
export function namedIn(statement: string, relations: readonly Relation[]): readonly Relation[] {
    const words = new Set(statement.toLowerCase().match(/\w+/g));
    const named = relations.filter(({ name }) => words.has(name.toLowerCase()));
    return named.length > 0 ? named : relations;
}
