import type { ContractColumn } from '#core/contracts/contract.ts';
import { literals, typeOfTexts } from './text.ts';

/** A column's texts with the contract's value for each alias; null for one that is not allowed, where that can be told. */
export function aliased(column: ContractColumn, found: string): string {
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

/** The same of texts that are one of the few as they stand; null for others, where the contract has only few. */
export function unaliased(column: ContractColumn, found: string): string {
    const type = fewTexts(column);
    return type === undefined || isRenamed(column) ? aliased(column, found) : `try_cast(${found} as ${type})`;
}

/** Whether an allowed value is written for another one. */
function isRenamed({ allowedValues, valueAliases }: ContractColumn): boolean {
    const meanings = new Map(Object.entries(valueAliases).map(([from, to]) => [from.toLowerCase(), to]));
    return (allowedValues ?? []).some((value) => (meanings.get(value.trim().toLowerCase()) ?? value) !== value);
}

/** The type of a column that may have few texts only: it is null for any other. */
export function fewTexts({ type, allowedValues, minimum, maximum }: ContractColumn): string | undefined {
    if (type !== 'varchar' || !allowedValues || minimum !== undefined || maximum !== undefined) return undefined;
    const few = typeOfTexts(allowedValues);
    return few === 'varchar' ? undefined : few;
}

/** `in` with more than a few values becomes a join, and a join gives rows back in another order than the file's. */
export function isOneOf(text: string, values: readonly string[]): string {
    return `list_contains(${literals(values)}, ${text})`;
}

/** Whether a column's value tells that its text was not blank: none of the few texts it may have is. */
export function isNeverBlank(column: ContractColumn): boolean {
    const spellings = [...(column.allowedValues ?? []), ...Object.keys(column.valueAliases)];
    return fewTexts(column) !== undefined && spellings.every((spelling) => spelling.trim() !== '');
}
