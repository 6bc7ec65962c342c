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
    /** A reason's name, or null. */
    readonly reason: string;
}

/**
 * SQL of a contract column; `text` is an expression that yields the raw text or null. `typed` is how the conditions
 * refer to the value, where a subquery has it under a name already: DuckDB computes it again for every mention.
 */
export function columnSql(column: ContractColumn, text: string, typed?: string): ColumnSql {
    const value = valueSql(column, text);
    const complaints = complaintsOf(column, text, typed ?? value);
    return {
        value,
        accepts: complaints.map(({ unless }) => unless).join(' and ') || 'true',
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

type Complaint = { readonly unless: string; readonly reason: Reason };

/** Conditions a value must meet; each is true or false, never null. */
function complaintsOf(column: ContractColumn, text: string, value: string): Complaint[] {
    const complaints: Complaint[] = [];
    if (column.required) {
        const filled =
            column.type === 'varchar'
                ? `case when ${text} >= '!' then true else coalesce(trim(${text}) <> '', false) end`
                : `${text} is not null`;
        complaints.push({ unless: filled, reason: 'missing_value' });
    }
    const format = FORMATS[column.type];
    if (format) {
        complaints.push({ unless: wellFormed(column, text, value, format.pattern), reason: format.reason });
    } else {
        complaints.push({ unless: `coalesce(not contains(${text}, chr(0)), true)`, reason: 'nul_byte' });
    }
    if (column.allowedValues) {
        complaints.push({
            unless:
                fewTexts(column) === undefined
                    ? `coalesce(${isOneOf(value, column.allowedValues)}, true)`
                    : `(${value} is not null or ${text} is null)`,
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
function wellFormed(column: ContractColumn, text: string, value: string, pattern: string): string {
    const printsBack = PRINTS_BACK.get(column.type)?.(text, value);
    const plain = printsBack === undefined ? '' : `when ${printsBack} then true `;
    const finite = column.type === 'double' ? ` and isfinite(${value})` : '';
    const empty = column.required ? 'false' : `trim(${text}) = ''`;
    return (
        `case when ${text} is null then true ${plain}when ${empty} then true ` +
        `else ${value} is not null${finite} and regexp_full_match(${text}, '${pattern}') end`
    );
}

/**
 * Types whose canonical text is short to compare. The text of a whole number or of money has digits only, but 'infinity'
 * and '-infinity' are dates to DuckDB.
 */
const PRINTS_BACK: ReadonlyMap<ColumnType, (text: string, value: string) => string> = new Map([
    ['bigint', printedAs],
    ['decimal(18,2)', printedAs],
    ['date', (text, value) => `${printedAs(text, value)}${beginsWithDigit(text)}`],
    ['timestamp', instantPrintedAs],
]);

function printedAs(text: string, value: string): string {
    return `cast(${value} as varchar) = ${text}`;
}

/**
 * JSON's habit, a T between date and time, is as good as a blank. With a T in that place, and one byte that is not as
 * printed, all others are.
 */
function instantPrintedAs(text: string, value: string): string {
    const printed = `cast(${value} as varchar)`;
    const withBlank = `replace(${text}, 'T', ' ')`;
    return (
        `case when ${text} like '__________T________' ` +
        `then case when strlen(${printed}) = strlen(${text}) then hamming(${printed}, ${text}) = 1 else false end ` +
        `else case when ${printed} = ${text} then true else ${printed} = ${withBlank} end${beginsWithDigit(text)} end`
    );
}

function beginsWithDigit(text: string): string {
    return ` and ${text} < ':' and ${text} >= '0'`;
}
