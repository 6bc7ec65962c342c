import { allowedValues } from './allowed-values.ts';
import { bounds } from './bounds.ts';
import { columnType } from './column-type.ts';
import type { ContractColumn } from './contract.ts';
import { type Complain, type CustomValue, customValues, textList, textMap } from './custom.ts';
import type { Path, YamlDocument } from './document.ts';
import type { OdcsProperty } from './odcs.ts';
import { shown } from './problem.ts';

/** PostgreSQL cuts longer names off; a leading underscore is kept for lineage columns. */
const NAME = /^[a-z][a-z0-9_]{0,62}$/;

/** Compiles one property. Complains about all that is wrong with it; undefined when it has no usable type. */
export function compileColumn(
    property: OdcsProperty,
    path: Path,
    document: YamlDocument,
    complain: Complain,
): ContractColumn | undefined {
    checkName(property.name, [...path, 'name'], complain);
    const custom = customValues(
        property.customProperties,
        [...path, 'customProperties'],
        ['aliases', 'valueAliases'],
        complain,
    );
    const type = columnType(property, path, complain);
    const allowed = allowedValues(property, path, complain);
    const aliases = valueAliases(property, custom.get('valueAliases'), allowed, complain);
    if (type === undefined) return undefined;
    return {
        name: property.name,
        type,
        description: property.description ?? '',
        required: isRequired(property, path, complain),
        aliases: headings(property, custom.get('aliases'), path, complain),
        valueAliases: aliases,
        allowedValues: allowed,
        ...bounds(property, type, path, document, complain),
    };
}

/** Complains about a dataset or column name that is not a plain lower-case SQL name. */
export function checkName(name: string, path: Path, complain: Complain): void {
    if (NAME.test(name)) return;
    complain(path, {
        expected: 'a name of lower-case letters, digits and _, at most 63, first a letter',
        found: shown(name),
        next: 'Rename it; what files call it goes to `aliases`',
    });
}

function isRequired(property: OdcsProperty, path: Path, complain: Complain): boolean {
    const must = property.primaryKey === true || property.partitioned === true;
    if (must && property.required === false) {
        const why = property.primaryKey === true ? 'a key column' : 'the partition column';
        complain([...path, 'required'], {
            expected: `true for ${why}`,
            found: 'false',
            next: 'Remove `required: false`',
        });
    }
    if (property.unique === true && property.primaryKey !== true) {
        complain([...path, 'unique'], {
            expected: 'unique only on a key column',
            found: 'true',
            next: 'Remove it; write a `unique` check of a model',
        });
    }
    return must || property.required === true;
}

/** `physicalName` is what the standard calls the name in the source; it is one more alias. */
function headings(property: OdcsProperty, custom: CustomValue | undefined, path: Path, complain: Complain): string[] {
    const physical = {
        value: property.physicalName === undefined ? [] : [property.physicalName],
        path: [...path, 'physicalName'],
    };
    return [...textList(physical, complain), ...textList(custom, complain)];
}

function valueAliases(
    property: OdcsProperty,
    custom: CustomValue | undefined,
    allowed: readonly string[] | undefined,
    complain: Complain,
): Readonly<Record<string, string>> {
    if (custom !== undefined && property.logicalType !== 'string') {
        complain(custom.path, {
            expected: 'valueAliases only on a string',
            found: property.logicalType,
            next: 'Remove them',
        });
        return {};
    }
    const meanings = new Map<string, string>();
    for (const [written, meant] of textMap(custom, complain)) {
        const at = [...(custom?.path ?? []), written];
        const found = written.trim().toLowerCase();
        if (meanings.has(found)) {
            complain(at, {
                expected: `one meaning of ${shown(found)}`,
                found: 'two',
                next: 'Keep one; case and spaces do not count',
            });
        } else if (allowed !== undefined && !allowed.includes(meant)) {
            complain(at, {
                expected: `one of the valid values ${allowed.join(', ')}`,
                found: shown(meant),
                next: 'Correct it, or add it to validValues',
            });
        }
        meanings.set(found, meant);
    }
    for (const [found, meant] of meanings) {
        const further = meanings.get(meant.toLowerCase());
        if (further === undefined || further === meant) continue;
        complain(custom?.path ?? [], {
            expected: 'an alias that leads to its meaning in one step',
            found: `${shown(found)} -> ${shown(meant)} -> ${shown(further)}`,
            next: `Write ${shown(further)} for ${shown(found)}`,
        });
    }
    return Object.fromEntries(meanings);
}
