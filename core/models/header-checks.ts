import { z } from 'zod';
import { READ_ONCE } from '../read-once.ts';
import type { Check } from './model.ts';
import { didYouMean } from './suggest.ts';
import { describeIssues } from './zod-issues.ts';

const name = z.string().regex(/^[a-z_][a-z0-9_]*$/, 'must be a lower-case name');
const common = { name: name.optional(), severity: z.enum(['warn', 'halt']).default('halt') };

/** `not_null: [a, b]` is short for `not_null: {columns: [a, b]}`. */
const columns = z.preprocess(
    (value) => (Array.isArray(value) ? { columns: value } : value),
    z.strictObject({ ...common, columns: z.array(name).min(1, 'must name at least one column') }),
);

/** What each kind of check takes. The kind `rows` is missing: those live in `<model>.checks.sql`. */
const KINDS = {
    unique: columns,
    not_null: columns,
    accepted_values: z.strictObject({ ...common, column: name, values: z.array(z.coerce.string()).min(1) }),
    relationship: z.strictObject({ ...common, column: name, to: name, toColumn: name }),
    row_count_delta: z.strictObject({ ...common, atMost: z.number().positive() }),
    reconcile: z.strictObject({
        ...common,
        column: name,
        other: name,
        otherColumn: name,
        tolerance: z.number().nonnegative().default(0),
    }),
    freshness: z.strictObject({ ...common, column: name, atMostDays: z.number().nonnegative() }),
} as const;

/** Every word that some kind takes, to suggest one for a misspelt word. */
const BODY_KEYS = [
    ...['name', 'severity', 'columns', 'column', 'values', 'to', 'toColumn', 'atMost', 'atMostDays'],
    ...['other', 'otherColumn', 'tolerance'],
];

type HeaderCheckKind = keyof typeof KINDS;
type HeaderCheck = Exclude<Check, { kind: 'rows' }>;

/**
 * Reads one entry of the header's `checks`: a mapping with the kind as its only key. Problems are added to
 * `problems`, without the file's name; then there is no check.
 */
export function readHeaderCheck(entry: unknown, problems: string[]): HeaderCheck | undefined {
    const [[kind, body] = [], ...rest] =
        entry !== null && typeof entry === 'object' && !Array.isArray(entry) ? Object.entries(entry) : [];
    if (kind === undefined || rest.length > 0) {
        problems.push(`a check is one mapping such as "- not_null: [user_id]", found ${JSON.stringify(entry)}`);
        return undefined;
    }
    if (!isKind(kind)) {
        const known = Object.keys(KINDS);
        problems.push(`check "${kind}" is not one of ${known.join(', ')}${didYouMean(kind, known)}`);
        return undefined;
    }
    const parsed = KINDS[kind].safeParse(body, READ_ONCE);
    if (!parsed.success) {
        problems.push(...describeIssues(parsed.error, `check "${kind}"`, BODY_KEYS));
        return undefined;
    }
    const check = { kind, ...parsed.data } as Omit<HeaderCheck, 'name'> & { name?: string };
    return { ...check, name: check.name ?? derivedName(check as HeaderCheck) } as HeaderCheck;
}

function isKind(kind: string): kind is HeaderCheckKind {
    return Object.hasOwn(KINDS, kind);
}

/** `unique_event_id`, `relationship_user_id_dim_users`: stable, so that histories of results can be compared. */
function derivedName(check: HeaderCheck): string {
    switch (check.kind) {
        case 'unique':
        case 'not_null':
            return [check.kind, ...check.columns].join('_');
        case 'relationship':
            return `relationship_${check.column}_${check.to}`;
        case 'reconcile':
            return `reconcile_${check.column}_${check.other}`;
        case 'row_count_delta':
            return 'row_count_delta';
        case 'accepted_values':
        case 'freshness':
            return `${check.kind}_${check.column}`;
    }
}

/** The check every stored model has without saying so: its key is unique. */
export function uniqueKeyCheck(key: readonly string[]): Check {
    return { kind: 'unique', name: ['unique', ...key].join('_'), severity: 'halt', columns: key };
}
