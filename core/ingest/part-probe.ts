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
/** Bytes that show whether a part is like the one before it. */
const GLANCE_BYTES = 1024;
/** Sets of columns that are remembered: optional keys make a few. */
const MOST_MATCHES = 100;

/**
 * Looks at the heads of parts, one after another, and fits them to the contract. Throws ContractError for one that does
 * not fit.
 */
export function partPlanner(contract: Contract): (part: Pick<ArchivePart, 'head' | 'size'>) => PartPlan {
    const matching = matchingLike(contract);
    const look = (head: Buffer) => lookAt(head, matching);
    let before: PartPlan | undefined;

    return ({ head, size }) => {
        if (size <= head.length && isEmptyArray(head)) return { how: 'empty' };
        const glance = before && startsAtOnce(head) ? look(head.subarray(0, GLANCE_BYTES)) : undefined;
        if (before && glance?.match.acceptable && isLike(glance.plan, before)) return before;
        const first = look(head.subarray(0, FIRST_LOOK_BYTES));
        const { plan, match } = first.match.acceptable ? first : look(head);
        // Tables are fitted when they are staged, by all of their head.
        if (plan.how === 'together' && !match.acceptable) throw new ContractError(explainMismatch(contract, match));
        before = plan;
        return plan;
    };
}

/** Not made a text of before it is likely: parts are many, and mostly hold objects. */
function isEmptyArray(content: Buffer): boolean {
    return !content.includes('{') && /^\s*\[\s*\]\s*$/.test(content.toString('latin1'));
}

/** Whether JSON begins with the first byte, and not after blanks that are longer than a glance. */
function startsAtOnce(head: Buffer): boolean {
    return head[0] === 0x5b || head[0] === 0x7b;
}

/** Whether what was seen of a part is staged together with another one and has no key that was not seen of that one. */
function isLike(plan: PartPlan, other: PartPlan): boolean {
    if (plan.how !== 'together' || other.how !== 'together' || plan.kind !== other.kind) return false;
    return plan.columns.every((column) => other.columns.includes(column));
}

function lookAt(head: Buffer, matching: (columns: readonly string[]) => HeaderMatch) {
    const { format, encoding } = sniff(head, (headings) => matching(headings).mapping.size);
    const columns = format.kind === 'parquet' ? [] : format.columns;
    const isJson = format.kind === 'json_array' || format.kind === 'ndjson';
    const plan: PartPlan =
        isJson && encoding === 'utf-8' ? { how: 'together', kind: format.kind, columns } : { how: 'alone' };
    return { plan, match: matching(columns) };
}

/** Matches columns to a contract. The parts of an archive have few sets of columns, each of which is matched once. */
function matchingLike(contract: Contract): (columns: readonly string[]) => HeaderMatch {
    const matches = new Map<string, HeaderMatch>();
    return (columns) => {
        const set = JSON.stringify(columns);
        const known = matches.get(set);
        if (known) return known;
        if (matches.size === MOST_MATCHES) matches.clear();
        const match = matchHeader(contract, columns);
        matches.set(set, match);
        return match;
    };
}
