import type { ColumnType } from '../types.ts';
import type { Complain } from './custom.ts';
import type { Path, YamlDocument } from './document.ts';
import type { OdcsProperty } from './odcs.ts';
import { shown } from './problem.ts';

/** What `format` may say of a type without asking for something that staging does not do. */
const FORMATS: Readonly<Record<ColumnType, readonly string[]>> = {
    bigint: ['i64'],
    double: ['f64'],
    'decimal(18,2)': [],
    boolean: [],
    varchar: ['json'],
    date: ['yyyy-MM-dd'],
    timestamp: ['yyyy-MM-dd HH:mm:ss'],
};

/** Decimal text a column of the type can hold, or none where bounds have no meaning. */
const BOUND: Readonly<Partial<Record<ColumnType, RegExp>>> = {
    bigint: /^-?\d{1,18}$/,
    double: /^-?\d{1,15}(\.\d{1,15})?$/,
    'decimal(18,2)': /^-?\d{1,16}(\.\d{1,2})?$/,
};

/**
 * The inclusive bounds in `logicalTypeOptions`, as written. Options of the standard that staging does not enforce are
 * refused: a rule that is written down and not kept is worse than none.
 */
export function bounds(
    property: OdcsProperty,
    type: ColumnType,
    path: Path,
    document: YamlDocument,
    complain: Complain,
): { readonly minimum: string | undefined; readonly maximum: string | undefined } {
    const found: { minimum: string | undefined; maximum: string | undefined } = {
        minimum: undefined,
        maximum: undefined,
    };
    for (const [option, value] of Object.entries(property.logicalTypeOptions ?? {})) {
        const at = [...path, 'logicalTypeOptions', option];
        if (option === 'minimum' || option === 'maximum') {
            found[option] = bound(document.sourceOf(at) ?? String(value), type, at, complain);
        } else if (option === 'format') {
            checkFormat(value, type, at, complain);
        } else {
            complain(at, {
                expected: 'only minimum, maximum, format (what staging enforces)',
                found: shown(option),
                next: 'Remove it; write a check of a model for what it should guarantee',
            });
        }
    }
    if (found.minimum !== undefined && found.maximum !== undefined && Number(found.minimum) > Number(found.maximum)) {
        complain([...path, 'logicalTypeOptions'], {
            expected: 'minimum <= maximum',
            found: `${found.minimum} and ${found.maximum}`,
            next: 'Swap them',
        });
    }
    return found;
}

function bound(source: string, type: ColumnType, at: Path, complain: Complain): string | undefined {
    if (BOUND[type]?.test(source)) return source;
    const expected = BOUND[type] === undefined ? `no bounds on a ${type}` : `a plain number that fits ${type}`;
    complain(at, { expected, found: shown(source), next: 'Correct or remove it' });
    return undefined;
}

function checkFormat(value: unknown, type: ColumnType, at: Path, complain: Complain): void {
    const formats = FORMATS[type];
    if (typeof value === 'string' && formats.includes(value)) return;
    const expected = formats.length === 0 ? `no format for ${type}` : formats.join(' or ');
    complain(at, { expected, found: shown(value), next: 'Remove `format`: staging reads ISO 8601 and plain numbers' });
}
