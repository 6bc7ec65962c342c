import type { Contract } from '../contracts/contract.ts';
import { type HeaderMatch, matchHeader } from '../contracts/match.ts';
import { explainMismatch } from '../contracts/mismatch.ts';
import { ContractError } from '../errors.ts';
import type { ArchivePart } from './ports.ts';
import { sniff } from './sniff.ts';

/** How a file inside an archive is to be staged. */
export type PartPlan =
    /** Together with others like it. `columns` are the keys seen in its first rows. */
    | { readonly how: 'together'; readonly kind: 'json_array' | 'ndjson'; readonly columns: readonly string[] }
    /** By itself: tables, and texts that have to be rewritten before they are read. */
    | { readonly how: 'alone' }
    /** It is an empty array: there is nothing in it, and nothing wrong with it. */
    | { readonly how: 'empty' };

/** Bytes that show the keys of a few rows; looking at more costs more than staging the part. */
const FIRST_LOOK_BYTES = 4 * 1024;

/**
 * Looks at the heads of parts, one after another, and fits them to the contract. Throws ContractError for one that does
 * not fit.
 */
export function partPlanner(contract: Contract): (part: Pick<ArchivePart, 'head' | 'size'>) => PartPlan {
    const matching = matchingLike(contract);
    const look = (head: Buffer) => lookAt(head, matching);

    return ({ head, size }) => {
        if (size <= head.length && /^\s*\[\s*\]\s*$/.test(head.toString('latin1'))) return { how: 'empty' };
        const first = look(head.subarray(0, FIRST_LOOK_BYTES));
        const { plan, match } = first.match.acceptable ? first : look(head);
        // Tables are fitted when they are staged, by all of their head.
        if (plan.how === 'together' && !match.acceptable) throw new ContractError(explainMismatch(contract, match));
        return plan;
    };
}

function lookAt(head: Buffer, matching: (columns: readonly string[]) => HeaderMatch) {
    const { format, encoding } = sniff(head, (headings) => matching(headings).mapping.size);
    const columns = format.kind === 'parquet' ? [] : format.columns;
    const isJson = format.kind === 'json_array' || format.kind === 'ndjson';
    const plan: PartPlan =
        isJson && encoding === 'utf-8' ? { how: 'together', kind: format.kind, columns } : { how: 'alone' };
    return { plan, match: matching(columns) };
}

/** Matches columns to a contract; the parts of an archive mostly have the same, which are matched once. */
function matchingLike(contract: Contract): (columns: readonly string[]) => HeaderMatch {
    let last: { readonly columns: readonly string[]; readonly match: HeaderMatch } | undefined;
    return (columns) => {
        const isSame =
            last?.columns.length === columns.length &&
            columns.every((column, index) => column === last?.columns[index]);
        if (!last || !isSame) last = { columns, match: matchHeader(contract, columns) };
        return last.match;
    };
}
