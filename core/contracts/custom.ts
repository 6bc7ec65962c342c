import type { Path } from './document.ts';
import type { OdcsCustomProperty } from './odcs.ts';
import { type Complaint, shown } from './problem.ts';
import { closest } from './spelling.ts';

/** Reports a problem at a path of the document. */
export type Complain = (path: Path, complaint: Complaint) => void;

/** The value of one custom property and where it stands. */
export interface CustomValue {
    readonly value: unknown;
    readonly path: Path;
}

/**
 * Custom properties by name. Names Cartlake does not know are refused: the standard allows any, but a misspelled
 * `loadMode` that is silently ignored loses data.
 */
export function customValues(
    list: readonly OdcsCustomProperty[] | undefined,
    path: Path,
    known: readonly string[],
    complain: Complain,
): ReadonlyMap<string, CustomValue> {
    const values = new Map<string, CustomValue>();
    for (const [index, { property, value }] of (list ?? []).entries()) {
        const at = [...path, index];
        if (!known.includes(property)) {
            const meant = closest(property, known);
            complain([...at, 'property'], {
                expected: `one of ${known.join(', ')}`,
                found: shown(property),
                next: meant === undefined ? 'Remove it' : `Did you mean \`${meant}\`?`,
            });
        } else if (values.has(property)) {
            complain(at, { expected: `\`${property}\` once`, found: 'it twice', next: 'Keep one of the two' });
        } else {
            values.set(property, { value, path: [...at, 'value'] });
        }
    }
    return values;
}

/** A text of a fixed set; `fallback` (or a complaint, when there is none) when it is absent. */
export function choice<T extends string>(
    custom: CustomValue | undefined,
    choices: readonly T[],
    fallback: T | undefined,
    missing: { readonly path: Path; readonly name: string },
    complain: Complain,
): T | undefined {
    const expected = `one of ${choices.join(', ')}`;
    if (custom === undefined) {
        if (fallback !== undefined) return fallback;
        const next = `Add \`- {property: ${missing.name}, value: ${choices[0]}}\` to the customProperties of the schema`;
        complain(missing.path, { expected: `${missing.name}: ${expected}`, found: 'nothing', next });
        return undefined;
    }
    const chosen = choices.find((one) => one === custom.value);
    if (chosen === undefined) {
        complain(custom.path, { expected, found: shown(custom.value), next: `Correct \`${missing.name}\`` });
    }
    return chosen;
}

/** A list of texts, each trimmed and not empty. Complains about anything else and leaves it out. */
export function textList(custom: CustomValue | undefined, complain: Complain): string[] {
    if (custom === undefined) return [];
    if (!Array.isArray(custom.value)) {
        complain(custom.path, { expected: 'a list of texts', found: shown(custom.value), next: 'Write `[a, b]`' });
        return [];
    }
    return custom.value.flatMap((item: unknown, index) => {
        if (typeof item === 'string' && item.trim() !== '') return [item.trim()];
        complain([...custom.path, index], { expected: 'a text', found: shown(item), next: 'Put it in quotes' });
        return [];
    });
}

/** A map from text to text. Complains about anything else and leaves it out. */
export function textMap(custom: CustomValue | undefined, complain: Complain): [key: string, value: string][] {
    if (custom === undefined) return [];
    if (typeof custom.value !== 'object' || custom.value === null || Array.isArray(custom.value)) {
        complain(custom.path, {
            expected: 'a map of texts',
            found: shown(custom.value),
            next: 'Write `{found: meant}`',
        });
        return [];
    }
    return Object.entries(custom.value).flatMap(([key, value]: [string, unknown]): [string, string][] => {
        if (typeof value === 'string' && value.trim() !== '') return [[key, value.trim()]];
        complain([...custom.path, key], { expected: 'a text', found: shown(value), next: 'Put it in quotes' });
        return [];
    });
}
