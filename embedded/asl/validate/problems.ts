import { isObject, type JsonObject } from '../json.ts';

/** One thing that is wrong with a definition. */
export interface Problem {
    /** Where, as a path into the definition: `$.States.Stage.Retry[0].BackoffRate`. */
    readonly path: string;
    readonly message: string;
}

/** Takes note of a problem. */
export type Report = (path: string, message: string) => void;

/** The path of a member of what stands at `path`. */
export function at(path: string, key: string | number): string {
    if (typeof key === 'number') return `${path}[${key}]`;
    return /^[A-Za-z_]\w*$/.test(key) ? `${path}.${key}` : `${path}['${key}']`;
}

/** Reports members other than the allowed ones, with the reason where there is one. */
export function checkFields(
    value: JsonObject,
    path: string,
    allowed: readonly string[],
    report: Report,
    reasons: Readonly<Record<string, string>> = {},
): void {
    for (const key of Object.keys(value)) {
        if (allowed.includes(key)) continue;
        report(at(path, key), reasons[key] ?? `unknown or unsupported field; allowed here: ${allowed.join(', ')}`);
    }
}

/** The member as an object, or undefined after reporting that it is none. */
export function objectAt(value: unknown, path: string, report: Report): JsonObject | undefined {
    if (isObject(value)) return value;
    report(path, `expected an object, found ${shown(value)}`);
    return undefined;
}

/** The member as an array with something in it, or an empty one after reporting. */
export function arrayAt(value: unknown, path: string, report: Report): unknown[] {
    if (Array.isArray(value) && value.length > 0) return value;
    report(path, `expected a non-empty array, found ${shown(value)}`);
    return [];
}

/** Reports anything but a number in the range; by default a whole one. */
export function checkNumber(
    value: unknown,
    path: string,
    range: { readonly least: number; readonly most: number; readonly fraction?: boolean },
    report: Report,
): void {
    if (value === undefined) return;
    const fits = typeof value === 'number' && value >= range.least && value <= range.most;
    if (fits && (range.fraction || Number.isInteger(value))) return;
    const kind = range.fraction ? 'a number' : 'an integer';
    report(path, `expected ${kind} from ${range.least} to ${range.most}, found ${shown(value)}`);
}

/** Reports anything but a text with something in it. */
export function checkString(value: unknown, path: string, report: Report): value is string {
    if (typeof value === 'string' && value !== '') return true;
    report(path, `expected text, found ${shown(value)}`);
    return false;
}

/** The value as it stands in the definition, cut to fit a message. */
export function shown(value: unknown): string {
    return value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 200);
}
