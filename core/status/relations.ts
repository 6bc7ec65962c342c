import { type InputSource, resolveInput } from '../build/inputs.ts';
import type { BoundInput, Statement } from '../build/ports.ts';
import { bindInput } from '../build/relations.ts';
import { relationSql } from '../models/render.ts';
import { objectsOf } from '../registry/registry.ts';
import type { ControlStore } from '../store/ports.ts';

/** A relation people can query. */
export interface Relation {
    readonly name: string;
    readonly kind: 'dataset' | 'view' | 'table';
    readonly about: string;
    readonly statement: Statement;
}

type RelationContext = Omit<InputSource, 'objects'> & { readonly control: ControlStore };

const WHOLE = { lookback: 0, lookahead: 0 };

/**
 * Datasets (accepted rows), views and tables as they stand now. Tables that were never built are left out, and views of
 * them: nobody knows their columns.
 */
export async function queryableRelations(context: RelationContext): Promise<Relation[]> {
    const source: InputSource = { ...context, objects: (dataset) => objectsOf(context.control, dataset) };
    const bound = async (names: readonly string[]): Promise<Map<string, BoundInput>> => {
        const inputs = await Promise.all(
            names.map(async (name) => [name, bindInput(await resolveInput(source, name), WHOLE, undefined)] as const),
        );
        return new Map(inputs);
    };
    const relations: Relation[] = [];
    for (const contract of context.contracts.values()) {
        relations.push({
            name: contract.dataset,
            kind: 'dataset',
            about: contract.purpose,
            statement: {
                inputs: await bound([contract.dataset]),
                render: (bind) => `select * from ${bind(contract.dataset)}`,
            },
        });
    }
    const isBuilt = async (name: string): Promise<boolean> => {
        const model = context.graph.models.get(name);
        if (model === undefined) return true;
        if (model.kind !== 'view') return (await context.catalog.current(name)) !== undefined;
        return (await Promise.all(context.graph.upstream(name).map(isBuilt))).every(Boolean);
    };
    for (const { name, kind, purpose } of context.graph.models.values()) {
        if (!(await isBuilt(name))) continue;
        relations.push({
            name,
            kind: kind === 'view' ? 'view' : 'table',
            about: purpose,
            statement: {
                inputs: await bound(kind === 'view' ? context.graph.upstream(name) : [name]),
                render: (bind) => `select * from ${relationSql(context.graph, name, bind)}`,
            },
        });
    }
    return relations;
}
