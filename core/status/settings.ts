import type { Contract } from '../contracts/contract.ts';
import { closest } from '../contracts/spelling.ts';
import { UsageError } from '../errors.ts';
import type { ControlStore } from '../store/ports.ts';
import { swap } from '../store/swap.ts';

/** What a lake answers differently from its contracts: dataset -> parameter -> value. */
export type ParameterOverrides = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** One `dataset.parameter=value` as people write it; an empty value goes back to the contract's own. */
export interface Override {
    readonly dataset: string;
    readonly parameter: string;
    readonly value: string;
}

const KEY = 'control/parameters';

/** Parameters this lake has set for itself. */
export async function readOverrides(control: ControlStore): Promise<ParameterOverrides> {
    return (await control.read<ParameterOverrides>(KEY))?.value ?? {};
}

/** Adds overrides to what the lake has set. Returns whether anything changed. */
export async function saveOverrides(control: ControlStore, overrides: readonly Override[]): Promise<boolean> {
    const before = await readOverrides(control);
    const after = merge(before, overrides);
    if (JSON.stringify(after) === JSON.stringify(before)) return false;
    await swap<ParameterOverrides>(control, KEY, (current = {}) => merge(current, overrides));
    return true;
}

/** Overrides on top of others; sorted, so that equal settings are equal documents. */
export function merge(current: ParameterOverrides, overrides: readonly Override[]): ParameterOverrides {
    const merged = new Map(Object.entries(current).map(([dataset, values]) => [dataset, { ...values }]));
    for (const { dataset, parameter, value } of overrides) {
        const values = merged.get(dataset) ?? {};
        if (value === '') delete values[parameter];
        else values[parameter] = value;
        if (Object.keys(values).length === 0) merged.delete(dataset);
        else merged.set(dataset, values);
    }
    const sorted = <T>(entries: Iterable<[string, T]>) => Object.fromEntries([...entries].sort(byName));
    return sorted([...merged].map(([dataset, values]) => [dataset, sorted(Object.entries(values))]));
}

function byName([a]: [string, unknown], [b]: [string, unknown]): number {
    return a < b ? -1 : 1;
}

/** The contracts as this lake reads them. Overrides of datasets that are not there any more do nothing. */
export function withOverrides(
    contracts: ReadonlyMap<string, Contract>,
    overrides: ParameterOverrides,
): ReadonlyMap<string, Contract> {
    return new Map(
        [...contracts].map(([name, contract]) => {
            const values = overrides[name];
            return [name, values ? { ...contract, parameters: { ...contract.parameters, ...values } } : contract];
        }),
    );
}

/**
 * Reads `dataset.parameter=value`.
 *
 * @throws UsageError when it is written otherwise, or names a dataset or parameter that no contract has
 */
export function parseOverride(text: string, contracts: ReadonlyMap<string, Contract>): Override {
    const [, dataset, parameter, value] = /^([^.=]+)\.([^=]+)=(.*)$/s.exec(text.trim()) ?? [];
    if (dataset === undefined || parameter === undefined || value === undefined) {
        throw new UsageError(
            `Expected a setting such as events.price_reading=unit_list, found "${text}". Write dataset.parameter=value.`,
        );
    }
    const known = contracts.get(dataset);
    if (!known) throw new UsageError(unknownName('dataset', dataset, contracts.keys(), text));
    if (!Object.hasOwn(known.parameters, parameter)) {
        throw new UsageError(unknownName(`parameter of ${dataset}`, parameter, Object.keys(known.parameters), text));
    }
    return { dataset, parameter, value: value.trim() };
}

function unknownName(what: string, found: string, known: Iterable<string>, text: string): string {
    const names = [...known];
    const meant = closest(found, names);
    const hint = meant === undefined ? '' : ` Did you mean "${meant}"?`;
    return `There is no ${what} "${found}" (in ${text}).${hint} There is: ${names.join(', ') || 'none'}.`;
}
