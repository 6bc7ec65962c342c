import { createHash } from 'node:crypto';

/**
 * A document as JSON with keys sorted at every level: equal documents give equal bytes. Throws TypeError on a number
 * JSON cannot hold: a NaN in the document is a fault to find, not a null to hide.
 */
export function canonicalJson(document: object, indent?: number): string {
    return JSON.stringify(sorted(document, 'analysis'), null, indent);
}

/** The name of an analysis: the first 16 hexadecimal digits of its hash. Equal inputs, plan and method give one name. */
export function analysisHash(analysis: object): string {
    return createHash('sha256').update(canonicalJson(analysis)).digest('hex').slice(0, 16);
}

function sorted(value: unknown, path: string): unknown {
    if (Array.isArray(value)) return value.map((item, index) => sorted(item, `${path}[${index}]`));
    if (typeof value === 'number' && !Number.isFinite(value)) {
        throw new TypeError(`expected a finite number at ${path}, found ${value}; give it a status instead`);
    }
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item, `${path}.${key}`)]));
}
