import { ContractError } from '../errors.ts';
import type { Encoding, FileFormat, Probed } from './format.ts';

/** Bytes of a file's head that are enough to know how to read it. */
export const HEAD_BYTES = 1 << 20;
const MOST_COLUMNS = 2_000;
/** Rows of JSON whose keys are looked at, where there may be many. */
const MOST_ROWS = 200;
/** Characters of a head that are parsed in one go. */
const SHORT_HEAD = 16 * 1024;

/**
 * Finds out from a file's first bytes how to read it: encoding, format, headings.
 * `known` tells how many of some headings the contract knows; it decides between delimiters.
 * Throws ContractError for an empty file and for bytes that are no text.
 */
export function sniff(head: Buffer, known: (headings: readonly string[]) => number): Sniffed {
    if (head.length === 0) {
        throw new ContractError('The file is empty: expected a heading and rows. Export it again.');
    }
    if (head.subarray(0, 4).toString('latin1') === 'PAR1')
        return { format: { kind: 'parquet' }, encoding: 'utf-8', blankBytes: 0 };
    if (head.subarray(0, 4).toString('latin1') === 'PK\x03\x04') {
        throw new ContractError(
            'The file is a zip archive inside gzip: a zip archive is compressed already. Send the archive itself.',
        );
    }
    const encoding = encodingOf(head);
    const text = decode(head, encoding);
    if (text.trim() === '') {
        throw new ContractError('The file holds only blank lines: expected a heading and rows. Export it again.');
    }
    const start = text.trimStart();
    if (start.startsWith('[')) {
        return { format: { kind: 'json_array', columns: keysOf(firstItems(start)) }, encoding, blankBytes: 0 };
    }
    if (start.startsWith('{')) {
        return {
            format: { kind: 'ndjson', columns: keysOf(start.split('\n', MOST_ROWS).map(parseOrUndefined)) },
            encoding,
            blankBytes: 0,
        };
    }
    // Blank lines go, but not a tab in front: it is the delimiter after an empty heading.
    const [blank = ''] = /^(?:[ \t]*(?:\r\n?|\n))*/.exec(text) ?? [];
    return { format: csvFormat(text.slice(blank.length), known), encoding, blankBytes: blank.length };
}

/** How to read a file, as far as its first bytes tell. */
export type Sniffed = Pick<Probed, 'encoding' | 'blankBytes'> & { readonly format: SniffedFormat };

/** Parquet's columns stand at its end, where the engine reads them. */
export type SniffedFormat = Exclude<FileFormat, { kind: 'parquet' }> | { readonly kind: 'parquet' };

function encodingOf(head: Buffer): Encoding {
    if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
    if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
    // Without a byte order mark, UTF-16 of Latin text has a NUL in every other byte.
    const sample = head.subarray(0, 1_000);
    const nulls = [0, 0] as [number, number];
    let binary = 0;
    // A loop, because archives have this asked for each of thousands of parts.
    for (let index = 0; index < sample.length; index++) {
        const byte = sample[index] as number;
        if (byte === 0) nulls[index % 2 === 0 ? 0 : 1] += 1;
        if (byte < 9 && byte !== 1) binary += 1;
    }
    if (nulls[1] > sample.length * 0.4) return 'utf-16le';
    if (nulls[0] > sample.length * 0.4) return 'utf-16be';
    if (binary > sample.length * 0.1) {
        throw notText();
    }
    return 'utf-8';
}

function notText(): ContractError {
    return new ContractError(
        'The file is not text: expected CSV, JSON or Parquet (plain or .gz). Spreadsheets must be exported as CSV first.',
    );
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const CONTROL = /[\x00-\x08\x0e-\x1f\x7f]/;

function decode(head: Buffer, encoding: Encoding): string {
    return new TextDecoder(encoding, { ignoreBOM: false }).decode(head);
}

/** Throws ContractError for a file with more columns than are read. */
export function requireFew(columns: readonly string[]): void {
    if (columns.length <= MOST_COLUMNS) return;
    throw new ContractError(`The file has ${columns.length} columns; at most ${MOST_COLUMNS} are read.`);
}

function csvFormat(text: string, known: (headings: readonly string[]) => number): SniffedFormat {
    const candidates = delimitersIn(text).map((delimiter) => ({ delimiter, columns: headings(text, delimiter) }));
    const scored = candidates.map((candidate) => ({ ...candidate, score: known(candidate.columns) }));
    // Most headings the contract knows; then most headings.
    scored.sort((a, b) => b.score - a.score || b.columns.length - a.columns.length);
    const best = scored[0] as (typeof scored)[number];
    // Compressed bytes have few of the lowest ones; as headings they would fill a page.
    if (best.score === 0 && best.columns.some((heading) => CONTROL.test(heading))) throw notText();
    requireFew(best.columns);
    return { kind: 'csv', delimiter: best.delimiter, columns: best.columns };
}

/** Every character of the first line that could stand between headings; the usual ones first. */
function delimitersIn(text: string): string[] {
    const line = text.slice(0, text.search(/[\r\n]|$/));
    const found = line.match(/[^\p{L}\p{N}_"'.\- ]/gu) ?? [];
    return [...new Set([',', ';', '\t', '|', ...found])].slice(0, 40);
}

/** The fields of the first record, with quotes resolved. */
function headings(text: string, delimiter: string): string[] {
    const fields: string[] = [];
    let field = '';
    let quoted = false;
    for (let index = 0; index < text.length; index++) {
        const char = text[index] as string;
        if (quoted) {
            if (char !== '"') field += char;
            else if (text[index + 1] === '"') field += text[++index];
            else quoted = false;
        } else if (char === '"' && field.trim() === '') {
            field = '';
            quoted = true;
        } else if (char === delimiter) {
            fields.push(field);
            field = '';
        } else if (char === '\n' || char === '\r') {
            break;
        } else {
            field += char;
        }
    }
    return [...fields, field].map((heading) => heading.trim());
}

/** The keys of the objects among some values, in the order they first appear. */
function keysOf(values: readonly unknown[]): string[] {
    const keys = new Set<string>();
    for (const value of values) {
        if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
            for (const key of Object.keys(value)) keys.add(key);
        }
        if (keys.size > MOST_COLUMNS) {
            throw new ContractError(
                `The rows have more than ${MOST_COLUMNS} different keys; at most that many are read.`,
            );
        }
    }
    return [...keys];
}

function parseOrUndefined(text: string): unknown {
    try {
        return JSON.parse(text);
    } catch {
        return undefined;
    }
}

/** The first items of a JSON array of which only the head is known; those that are no JSON are undefined. */
function firstItems(text: string): unknown[] {
    // Mostly the end of an object is that of an item. In a short head it is tried: archives have thousands of those.
    const items =
        text.length <= SHORT_HEAD ? parseOrUndefined(`${text.slice(0, text.lastIndexOf('}') + 1)}]`) : undefined;
    return Array.isArray(items) ? items : arrayItems(text).map(parseOrUndefined);
}

/** The texts of the first complete items of such an array. */
function arrayItems(text: string): string[] {
    const items: string[] = [];
    let depth = 0;
    let start = 0;
    let inText = false;
    for (let index = 1; index < text.length && items.length < MOST_ROWS; index++) {
        const char = text[index];
        if (inText) {
            if (char === '\\') index++;
            else if (char === '"') inText = false;
        } else if (char === '"') inText = true;
        else if (char === '{' || char === '[') {
            if (depth++ === 0) start = index;
        } else if (char === '}' || char === ']') {
            if (--depth === 0) items.push(text.slice(start, index + 1));
        }
    }
    return items;
}
