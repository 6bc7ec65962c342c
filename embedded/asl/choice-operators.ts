import type { Json } from './json.ts';
import { parseTimestamp } from './timestamp.ts';

/** A data test of a Choice rule. */
export interface Operator {
    /** What the definition must give it: a value of this type, or a path to one (`...Path`). */
    readonly operand: 'string' | 'number' | 'boolean' | 'timestamp' | 'path';
    /** For `...Path`, the operand has been looked up. Values of the wrong type are never equal, less or greater. */
    test(value: Json, operand: Json): boolean;
}

const ORDERS: Readonly<Record<string, (order: number) => boolean>> = {
    Equals: (order) => order === 0,
    LessThan: (order) => order < 0,
    GreaterThan: (order) => order > 0,
    LessThanEquals: (order) => order <= 0,
    GreaterThanEquals: (order) => order >= 0,
};

/** The value as something < and > order, or undefined if it is not of the type. */
const TYPES: Readonly<Record<'string' | 'number' | 'timestamp', (value: Json) => string | number | undefined>> = {
    string: (value) => (typeof value === 'string' ? value : undefined),
    number: (value) => (typeof value === 'number' ? value : undefined),
    timestamp: parseTimestamp,
};

const IS: Readonly<Record<string, (value: Json) => boolean>> = {
    IsNull: (value) => value === null,
    IsNumeric: (value) => typeof value === 'number',
    IsString: (value) => typeof value === 'string',
    IsBoolean: (value) => typeof value === 'boolean',
    IsTimestamp: (value) => parseTimestamp(value) !== undefined,
};

/** All operators but And, Or, Not and IsPresent, which are no tests of a value. */
export const OPERATORS: Readonly<Record<string, Operator>> = build();

function build(): Record<string, Operator> {
    const operators: Record<string, Operator> = {};
    for (const [prefix, operand] of [
        ['String', 'string'],
        ['Numeric', 'number'],
        ['Timestamp', 'timestamp'],
    ] as const) {
        for (const [suffix, accepts] of Object.entries(ORDERS)) {
            const test = (value: Json, other: Json) => ordered(TYPES[operand](value), TYPES[operand](other), accepts);
            operators[`${prefix}${suffix}`] = { operand, test };
            operators[`${prefix}${suffix}Path`] = { operand: 'path', test };
        }
    }
    const sameBoolean = (value: Json, other: Json) => typeof value === 'boolean' && value === other;
    operators.BooleanEquals = { operand: 'boolean', test: sameBoolean };
    operators.BooleanEqualsPath = { operand: 'path', test: sameBoolean };
    operators.StringMatches = {
        operand: 'string',
        test: (value, pattern) => typeof value === 'string' && matcher(pattern as string).test(value),
    };
    for (const [name, is] of Object.entries(IS)) {
        operators[name] = { operand: 'boolean', test: (value, expected) => is(value) === expected };
    }
    return operators;
}

function ordered(
    left: string | number | undefined,
    right: string | number | undefined,
    accepts: (order: number) => boolean,
): boolean {
    if (left === undefined || right === undefined) return false;
    return accepts(left < right ? -1 : left > right ? 1 : 0);
}

/** `*` stands for any characters, none included; a backslash takes the meaning off `*` and itself. */
function matcher(pattern: string): RegExp {
    const source = pattern.replace(/\\([*\\])|\*|[.+?^${}()|[\]\\]/g, (found, escaped?: string) => {
        if (escaped !== undefined) return `\\${escaped}`;
        return found === '*' ? '.*' : `\\${found}`;
    });
    return new RegExp(`^${source}$`, 's');
}
