import type { Contract } from './contract.ts';
import { normalHeading } from './heading.ts';

/** How the headings of a file fit a contract. Headings stand as found, columns by their contract name. */
export interface HeaderMatch {
    /** Contract column -> heading of the file, for every column that was found. */
    readonly mapping: ReadonlyMap<string, string>;
    readonly missingKeys: readonly string[];
    /** Required columns that are not part of the key. */
    readonly missingRequired: readonly string[];
    readonly missingOptional: readonly string[];
    /** Headings that mean no column. */
    readonly extra: readonly string[];
    /** Headings of which it cannot be said which one is the column; `column` is undefined for headings that mean none. */
    readonly duplicates: readonly { readonly column: string | undefined; readonly headings: readonly string[] }[];
    /** False when the file has to be rejected: a key or required column missing, duplicates, or extra under `strict`. */
    readonly acceptable: boolean;
}

/**
 * Finds the columns of a contract among the headings of a file, by name or alias (trimmed, without case and byte
 * order mark). A heading that is the column's name wins over headings that are aliases of it; those are then extra.
 */
export function matchHeader(contract: Contract, foundColumns: readonly string[]): HeaderMatch {
    const mapping = new Map<string, string>();
    const duplicates: { column: string | undefined; headings: readonly string[] }[] = [];
    const taken = new Set<number>();
    const normal = foundColumns.map(normalHeading);
    for (const { name, aliases } of contract.columns) {
        const known = new Set(aliases.map(normalHeading));
        const named = indexesWhere(normal, (heading) => heading === name);
        const hits = named.length > 0 ? named : indexesWhere(normal, (heading) => known.has(heading));
        for (const hit of hits) taken.add(hit);
        if (hits.length > 0) mapping.set(name, foundColumns[hits[0]!]!);
        if (hits.length > 1) duplicates.push({ column: name, headings: hits.map((hit) => foundColumns[hit]!) });
    }
    const extra = foundColumns.filter((_, index) => !taken.has(index));
    for (const [, headings] of Map.groupBy(extra, normalHeading)) {
        if (headings.length > 1) duplicates.push({ column: undefined, headings });
    }
    const missing = contract.columns.filter(({ name }) => !mapping.has(name));
    const missingKeys = contract.key.filter((name) => !mapping.has(name));
    const missingRequired = missing.filter((column) => column.required && !contract.key.includes(column.name));
    return {
        mapping,
        missingKeys,
        missingRequired: missingRequired.map(({ name }) => name),
        missingOptional: missing.filter((column) => !column.required).map(({ name }) => name),
        extra,
        duplicates,
        acceptable:
            missingKeys.length === 0 &&
            missingRequired.length === 0 &&
            duplicates.length === 0 &&
            (contract.schemaPolicy === 'evolve' || extra.length === 0),
    };
}

function indexesWhere<T>(items: readonly T[], holds: (item: T) => boolean): number[] {
    return items.flatMap((item, index) => (holds(item) ? [index] : []));
}
