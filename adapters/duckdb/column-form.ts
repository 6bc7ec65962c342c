import type { ContractColumn } from '#core/contracts/contract.ts';
import type { Reason } from '#core/ingest/reasons.ts';
import type { ColumnType } from '#core/types.ts';

/** Why a value may be bad, unless a condition is true. */
export interface Complaint {
    /** True or false, never null. */
    readonly unless: string;
    /** A cheaper condition, which misses some fine values. */
    readonly plainly?: string;
    readonly reason: Reason;
}

/**
 * Text formats that `try_cast` alone would let through or misread: DuckDB reads '1.5' as 2, '1e3' as 1000,
 * '0x1F' as 31 and 'infinity' as a timestamp. `1.0` is a whole number: dataframes write it so.
 */
const FORMATS: Partial<Record<ColumnType, { pattern: string; reason: Reason }>> = {
    bigint: { pattern: '\\s*[+-]?[0-9]+(\\.0*)?\\s*', reason: 'not_an_integer' },
    double: { pattern: '\\s*[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?\\s*', reason: 'not_a_number' },
    'decimal(18,2)': { pattern: '\\s*[+-]?([0-9]+(\\.[0-9]{0,2}0*)?|\\.[0-9]{1,2}0*)\\s*', reason: 'not_money' },
    boolean: { pattern: '(?i)\\s*(true|false|t|f|yes|no|y|n|1|0)\\s*', reason: 'not_a_boolean' },
    date: { pattern: `${datePattern()}([ T]00:00(:00(\\.0+)?)?Z?)?\\s*`, reason: 'not_a_date' },
    timestamp: { pattern: timestampPattern(), reason: 'not_a_timestamp' },
};

function datePattern(): string {
    return '\\s*[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}';
}

/** With a zone, an instant is written in full: a shorter text takes the road on which zones are not looked at. */
function timestampPattern(): string {
    const local = `${datePattern()}([ T][0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]+)?)?)?`;
    const zone = '( *Z| UTC| GMT| *[+-](0[0-9]|1[0-5])(:?[0-5][0-9])?)';
    return `(${local}|\\s*[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?${zone})\\s*`;
}

/**
 * Whether the text of a column is written as its type is; undefined for a text. What a value prints back to is well formed:
 * only other spellings pay for the regular expression.
 */
export function formOf(column: ContractColumn, text: string, value: string): Complaint | undefined {
    const format = FORMATS[column.type];
    if (!format) return undefined;
    const { pattern, reason } = format;
    const form = PRINTS_BACK.get(column.type);
    const finite = column.type === 'double' ? ` and isfinite(${value})` : '';
    const empty = column.required ? '' : ` when trim(${text}) = '' then true`;
    const unless =
        `case when ${text} is null then true${form ? ` when ${form.printed(text, value)} then true` : ''}${empty} ` +
        `else ${value} is not null${finite} and regexp_full_match(${text}, '${pattern}') end`;
    if (!form) return { unless, reason };
    const plainly = (form.plainly ?? form.printed)(text, value);
    // No `or`: DuckDB sorts the rows that met either side.
    return { unless, plainly: column.required ? plainly : `coalesce(${plainly}, ${text} is null)`, reason };
}

/** Conditions on a text and its value, false or null where the one is not the other's canonical text. */
interface Form {
    readonly printed: (text: string, value: string) => string;
    /** A cheaper condition that misses some. */
    readonly plainly?: (text: string, value: string) => string;
}

/**
 * Types whose canonical text is short to compare. The text of a whole number or of money has digits only, but 'infinity'
 * and '-infinity' are dates to DuckDB. JSON's habit, a T between date and time, is as good as a blank.
 */
const PRINTS_BACK: ReadonlyMap<ColumnType, Form> = new Map<ColumnType, Form>([
    ['bigint', { printed: printedAs }],
    ['decimal(18,2)', { printed: printedAs }],
    ['date', { printed: (text, value) => `${printedAs(text, value)}${beginsWithDigit(text)}` }],
    [
        'timestamp',
        {
            printed: (text, value) => `${printedAs(`replace(${text}, 'T', ' ')`, value)}${beginsWithDigit(text)}`,
            plainly: isInSeconds,
        },
    ],
]);

function printedAs(text: string, value: string): string {
    return `cast(${value} as varchar) = ${text}`;
}

/**
 * Date and time to the second, in full. The separators, and digits where DuckDB would take a sign, a blank or a zone for the
 * beginning or the end of a field: where these stand, and the text has a value, all else are digits. Printing the value
 * to compare it costs half as much again.
 */
const SECONDS = '[0-9]???-??-?[0-9][ T][0-9]?:??:?[0-9]';

function isInSeconds(text: string, value: string): string {
    return `case when ${text} glob '${SECONDS}' then ${value} is not null end`;
}

function beginsWithDigit(text: string): string {
    return ` and ${text} < ':' and ${text} >= '0'`;
}
