import type { ContractColumn } from '#core/contracts/contract.ts';
import { type Complaint, formOf } from './column-form.ts';
import { aliased, fewTexts, isNeverBlank, isOneOf, unaliased } from './column-texts.ts';
import { literal } from './text.ts';

/** One contract column over a text expression: its typed value, when a row is bad because of it, and why. */
export interface ColumnSql {
    readonly value: string;
    /** A shorter expression: the value of a text that meets `plain`, with this in the place of the value. */
    readonly plainValue: string;
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
        plainValue: plainValueSql(column, text),
        accepts: complaints.map(({ unless }) => unless).join(' and ') || 'true',
        plain: [...new Set(complaints.map(({ unless, plainly }) => plainly ?? unless))].join(' and ') || 'true',
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

function plainValueSql(column: ContractColumn, text: string): string {
    if (column.type === 'varchar') return unaliased(column, text);
    // No plain text has a zone.
    return column.type === 'timestamp' ? `try_cast(${text} as timestamp)` : valueSql(column, text);
}

function instantSql(text: string): string {
    return `date_trunc('milliseconds', cast(try_cast(${text} as timestamptz) as timestamp))`;
}

function complaintsOf(column: ContractColumn, text: string, value: string): Complaint[] {
    const complaints: Complaint[] = [];
    if (column.required) {
        const isText = column.type === 'varchar';
        complaints.push({
            unless: isText ? `coalesce(trim(${text}) <> '', false)` : `${text} is not null`,
            ...(isText ? { plainly: isNeverBlank(column) ? `${value} is not null` : `${text} >= '!'` } : {}),
            reason: 'missing_value',
        });
    }
    complaints.push(
        formOf(column, text, value) ?? {
            unless: `coalesce(not contains(${text}, chr(0)), true)`,
            reason: 'nul_byte',
        },
    );
    if (column.allowedValues) {
        complaints.push({
            unless:
                fewTexts(column) === undefined
                    ? `coalesce(${isOneOf(value, column.allowedValues)}, true)`
                    : `case when ${value} is not null then true else ${text} is null end`,
            ...(isNeverBlank(column) && column.required ? { plainly: `${value} is not null` } : {}),
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
