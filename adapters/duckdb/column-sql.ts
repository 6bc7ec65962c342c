import type { ContractColumn } from '#core/contracts/contract.ts';
import type { Reason } from '#core/ingest/reasons.ts';
import type { ColumnType } from '#core/types.ts';
import { literal, literals, typeOfTexts } from './text.ts';

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

/** One contract column over a text expression: its typed value, when a row is bad because of it, and why. */
export interface ColumnSql {
    readonly value: string;
    /** True or false, never null: the row is acceptable as far as this column goes. */
    readonly accepts: string;
    /** A cheaper condition: where it is true, so is `accepts`; elsewhere that has to be asked. */
    readonly plain: string;
    /** A reason's name, or null. */
    readonly reason: string;
}

/**
 * SQL of a contract column; `text` is an expression that yields the raw text or null. `typed` is how the conditions
 * refer to the value, where a subquery has it under a name already: DuckDB computes it again for every mention.
 * `mayHoldNul`: false where no text holds a NUL anyway.
 */
export function columnSql(column: ContractColumn, text: string, typed?: string, mayHoldNul = true): ColumnSql {
    const value = valueSql(column, text);
    const complaints = complaintsOf(column, text, typed ?? value).filter(
        ({ reason }) => mayHoldNul || reason !== 'nul_byte',
    );
    return {
        value,
        accepts: complaints.map(({ unless }) => unless).join(' and ') || 'true',
        plain: complaints.map(({ unless, plainly }) => plainly ?? unless).join(' and ') || 'true',
        reason: complaints.length
            ? `case ${complaints.map(({ unless, reason }) => `when not (${unless}) then '${reason}'`).join(' ')} end`
            : 'null',
    };
}

function valueSql(column: ContractColumn, text: string): string {
    switch (column.type) {
        case 'varchar':
            return aliased(column, text);
        case 'boolean':
            return `case when lower(trim(${text})) in ('true', 't', 'yes', 'y', '1') then true when lower(trim(${text})) in ('false', 'f', 'no', 'n', '0') then false end`;
        case 'timestamp':
            // A plain cast ignores a zone, and `timestamptz` is slow: use it only where there may be one.
            // TimeZone is UTC; milliseconds are what every engine can hold.
            // A blank before the zone, as some shops export it, is no cast's business.
            return (
                `coalesce(case when strlen(${text}) <= 19 then try_cast(${text} as timestamp) ` +
                `else ${instantSql(text)} end, ` +
                `${instantSql(`regexp_replace(trim(${text}), ' +([+-][0-9:]+|Z)$', '\\1')`)})`
            );
        case 'date':
            return `try_cast(left(trim(${text}), 10) as date)`;
        default:
            return `try_cast(${text} as ${column.type})`;
    }
}

function instantSql(text: string): string {
    return `date_trunc('milliseconds', cast(try_cast(${text} as timestamptz) as timestamp))`;
}

/** A column's texts with the contract's value for each alias; null for one that is not allowed, where that can be told. */
function aliased(column: ContractColumn, found: string): string {
    const aliases = Object.entries(column.valueAliases);
    const type = fewTexts(column);
    const few = (text: string) => (type === undefined ? text : `try_cast(${text} as ${type})`);
    if (aliases.length === 0) return few(found);
    // One mention of the folded text: DuckDB computes what is mentioned twice for all rows, also those that need it not.
    const meant =
        `list_extract(${literals(aliases.map(([, to]) => to))}, ` +
        `list_position(${literals(aliases.map(([from]) => from.toLowerCase()))}, lower(trim(${found}))))`;
    // Folding costs more than all else about a column: texts that are as they should be do without.
    if (type !== undefined && !isRenamed(column)) return `coalesce(${few(found)}, ${few(meant)})`;
    const proper = aliases.filter(([from, to]) => from.toLowerCase() === to).map(([, to]) => to);
    const value = few(`coalesce(${meant}, ${found})`);
    return proper.length === 0 ? value : `case when ${isOneOf(found, proper)} then ${few(found)} else ${value} end`;
}

/** Whether an allowed value is written for another one. */
function isRenamed({ allowedValues, valueAliases }: ContractColumn): boolean {
    const meanings = new Map(Object.entries(valueAliases).map(([from, to]) => [from.toLowerCase(), to]));
    return (allowedValues ?? []).some((value) => (meanings.get(value.trim().toLowerCase()) ?? value) !== value);
}

/** The type of a column that may have few texts only: it is null for any other. */
function fewTexts({ type, allowedValues, minimum, maximum }: ContractColumn): string | undefined {
    if (type !== 'varchar' || !allowedValues || minimum !== undefined || maximum !== undefined) return undefined;
    const few = typeOfTexts(allowedValues);
    return few === 'varchar' ? undefined : few;
}

/** `in` with more than a few values becomes a join, and a join gives rows back in another order than the file's. */
function isOneOf(text: string, values: readonly string[]): string {
    return `list_contains(${literals(values)}, ${text})`;
}

/** Conditions that are true where a value is fine; `unless` is true or false, never null. */
interface Complaint {
    readonly unless: string;
    /** A cheaper one, which misses some fine values. */
    readonly plainly?: string;
    readonly reason: Reason;
}

function complaintsOf(column: ContractColumn, text: string, value: string): Complaint[] {
    const complaints: Complaint[] = [];
    if (column.required) {
        const isText = column.type === 'varchar';
        complaints.push({
            unless: isText ? `coalesce(trim(${text}) <> '', false)` : `${text} is not null`,
            ...(isText ? { plainly: `${text} >= '!'` } : {}),
            reason: 'missing_value',
        });
    }
    const format = FORMATS[column.type];
    if (format) {
        complaints.push({ ...wellFormed(column, text, value, format.pattern), reason: format.reason });
    } else {
        complaints.push({ unless: `coalesce(not contains(${text}, chr(0)), true)`, reason: 'nul_byte' });
    }
    if (column.allowedValues) {
        complaints.push({
            unless:
                fewTexts(column) === undefined
                    ? `coalesce(${isOneOf(value, column.allowedValues)}, true)`
                    : `case when ${value} is not null then true else ${text} is null end`,
            reason: 'not_allowed',
        });
    }
    const bound = (limit: string) =>
        column.type === 'varchar' ? literal(limit) : `cast(${literal(limit)} as ${column.type})`;
    if (column.minimum !== undefined) {
        complaints.push({ unless: `coalesce(${value} >= ${bound(column.minimum)}, true)`, reason: 'too_small' });
    }
    if (column.maximum !== undefined) {
        complaints.push({ unless: `coalesce(${value} <= ${bound(column.maximum)}, true)`, reason: 'too_large' });
    }
    return complaints;
}

/** Text that a value prints back to is well formed; only other spellings pay for the regular expression. */
function wellFormed(
    column: ContractColumn,
    text: string,
    value: string,
    pattern: string,
): Pick<Complaint, 'unless' | 'plainly'> {
    const form = PRINTS_BACK.get(column.type);
    const finite = column.type === 'double' ? ` and isfinite(${value})` : '';
    const empty = column.required ? '' : ` when trim(${text}) = '' then true`;
    const unless =
        `case when ${text} is null then true${form ? ` when ${form.printed(text, value)} then true` : ''}${empty} ` +
        `else ${value} is not null${finite} and regexp_full_match(${text}, '${pattern}') end`;
    if (!form) return { unless };
    const plainly = (form.plainly ?? form.printed)(text, value);
    // No `or`: DuckDB sorts the rows that met either side.
    return { unless, plainly: column.required ? plainly : `coalesce(${plainly}, ${text} is null)` };
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
            plainly: secondsPrintedAs,
        },
    ],
]);

function printedAs(text: string, value: string): string {
    return `cast(${value} as varchar) = ${text}`;
}

/**
 * 19 bytes as they are printed, but for a T in the place of the blank. Printing costs most and stands here once; what would
 * be printed with other than 19 bytes must not be compared.
 */
function secondsPrintedAs(text: string, value: string): string {
    const ofYears = `${value} between timestamp '0001-01-01' and timestamp '9999-12-31 23:59:59'`;
    return (
        `case when strlen(${text}) = 19 and ${ofYears} and epoch_us(${value}) % 1000000 = 0 ` +
        `then hamming(cast(${value} as varchar), ${text}) end = cast(${text} like '__________T%' as bigint)`
    );
}

function beginsWithDigit(text: string): string {
    return ` and ${text} < ':' and ${text} >= '0'`;
}
