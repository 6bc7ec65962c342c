import { createHash } from 'node:crypto';
import { isObject, type Json, sameJson } from '../json.ts';
import { fillTemplate } from './format.ts';
import { type Random, seededInteger } from './random.ts';

/** Least and most number of arguments of each intrinsic function. */
export const ARITY: Readonly<Record<string, readonly [number, number]>> = {
    Format: [1, Infinity],
    StringToJson: [1, 1],
    JsonToString: [1, 1],
    Array: [0, Infinity],
    ArrayPartition: [2, 2],
    ArrayContains: [2, 2],
    ArrayRange: [3, 3],
    ArrayGetItem: [2, 2],
    ArrayLength: [1, 1],
    ArrayUnique: [1, 1],
    Base64Encode: [1, 1],
    Base64Decode: [1, 1],
    Hash: [2, 2],
    JsonMerge: [3, 3],
    MathRandom: [2, 3],
    MathAdd: [2, 2],
    StringSplit: [2, 2],
    UUID: [0, 0],
};

/** Limits the service sets on what goes into an encoding, a hash and an ArrayRange. */
const LONGEST_TEXT = 10_000;
const LONGEST_RANGE = 1_000;
const HASHES: Readonly<Record<string, string>> = {
    MD5: 'md5',
    'SHA-1': 'sha1',
    'SHA-256': 'sha256',
    'SHA-384': 'sha384',
    'SHA-512': 'sha512',
};

/** Applies an intrinsic function to its arguments. Throws TypeError or SyntaxError that says what did not fit. */
export function applyIntrinsic(name: string, given: readonly Json[], random: Random): Json {
    const [first = null, second = null, third = null] = given;
    switch (name) {
        case 'Format':
            return fillTemplate(text(first), given.slice(1));
        case 'StringToJson':
            return JSON.parse(text(first)) as Json;
        case 'JsonToString':
            return JSON.stringify(first);
        case 'Array':
            return [...given];
        case 'ArrayPartition':
            return partition(array(first), integer(second));
        case 'ArrayContains':
            return array(first).some((item) => sameJson(item, second));
        case 'ArrayRange':
            return range(integer(first), integer(second), integer(third));
        case 'ArrayGetItem':
            return itemAt(array(first), second);
        case 'ArrayLength':
            return array(first).length;
        case 'ArrayUnique':
            return array(first).filter((item, at, all) => all.findIndex((other) => sameJson(item, other)) === at);
        case 'Base64Encode':
            return Buffer.from(bounded(text(first))).toString('base64');
        case 'Base64Decode':
            return decode(bounded(text(first)));
        case 'Hash':
            return hash(first, text(second));
        case 'JsonMerge':
            return merge(first, second, third);
        case 'MathRandom':
            return randomInteger(
                integer(first),
                integer(second),
                given.length > 2 ? integer(third) : undefined,
                random,
            );
        case 'MathAdd':
            return integer(first) + integer(second);
        case 'StringSplit':
            return split(text(first), text(second));
        default:
            return random.uuid();
    }
}

function text(value: Json): string {
    if (typeof value !== 'string') throw new TypeError(`expected a string, found ${JSON.stringify(value)}`);
    return value;
}

function array(value: Json): Json[] {
    if (!Array.isArray(value)) throw new TypeError(`expected an array, found ${JSON.stringify(value)}`);
    return value;
}

/** Numbers are rounded, halves up, as the service's Java does. */
function integer(value: Json): number {
    if (typeof value !== 'number') throw new TypeError(`expected a number, found ${JSON.stringify(value)}`);
    return Math.round(value);
}

function bounded(value: string): string {
    if (value.length <= LONGEST_TEXT) return value;
    throw new TypeError(`expected at most ${LONGEST_TEXT} characters, found ${value.length}`);
}

function partition(items: Json[], size: number): Json[] {
    if (size < 1) throw new TypeError(`expected a chunk size of at least 1, found ${size}`);
    return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));
}

function range(first: number, last: number, step: number): number[] {
    if (step === 0) throw new TypeError('expected a step other than 0');
    const length = Math.max(0, Math.floor((last - first) / step) + 1);
    if (length > LONGEST_RANGE) throw new TypeError(`expected at most ${LONGEST_RANGE} elements, found ${length}`);
    return Array.from({ length }, (_, at) => first + at * step);
}

function itemAt(items: Json[], index: Json): Json {
    const item = Number.isInteger(index) && (index as number) >= 0 ? items[index as number] : undefined;
    if (item === undefined) throw new TypeError(`no item at index ${JSON.stringify(index)} of ${items.length}`);
    return item;
}

function decode(value: string): string {
    const bytes = Buffer.from(value, 'base64');
    const plain = (encoded: string) => encoded.replace(/=+$/, '');
    if (plain(bytes.toString('base64')) !== plain(value)) throw new TypeError('expected Base64');
    return bytes.toString('utf8');
}

function hash(value: Json, algorithm: string): string {
    const known = HASHES[algorithm];
    if (!known) throw new TypeError(`expected one of ${Object.keys(HASHES).join(', ')}, found '${algorithm}'`);
    const data = bounded(typeof value === 'string' ? value : JSON.stringify(value));
    return createHash(known).update(data).digest('hex');
}

function merge(first: Json, second: Json, deep: Json): Json {
    if (!isObject(first) || !isObject(second)) throw new TypeError('expected two objects');
    if (deep !== false) throw new TypeError('expected false: only shallow merging exists');
    return { ...first, ...second };
}

function randomInteger(start: number, end: number, seed: number | undefined, random: Random): number {
    if (end <= start) throw new TypeError(`expected an end above ${start}, found ${end}`);
    if (seed !== undefined) return start + seededInteger(seed, end - start);
    return start + Math.floor(random.fraction() * (end - start));
}

/** Every character of `delimiters` separates; empty pieces are left out. */
function split(value: string, delimiters: string): string[] {
    const separators = new Set(delimiters);
    const pieces = [''];
    for (const char of value) {
        if (separators.has(char)) pieces.push('');
        else pieces[pieces.length - 1] += char;
    }
    return pieces.filter((piece) => piece !== '');
}
