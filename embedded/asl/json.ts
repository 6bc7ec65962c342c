import { isDeepStrictEqual } from 'node:util';

/** A value that passed through JSON: what states hand to each other. The interpreter never changes one in place. */
export type Json = null | boolean | number | string | Json[] | JsonObject;

/** A JSON object. */
export interface JsonObject {
    [key: string]: Json;
}

/** Whether it is a JSON object: no array, no null. */
export function isObject(value: unknown): value is JsonObject {
    return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Equality of JSON values; the order of an object's keys does not matter. */
export function sameJson(left: Json, right: Json): boolean {
    return isDeepStrictEqual(left, right);
}

/** Bytes of the value as UTF-8 JSON without spaces: what the service's payload limit counts. */
export function serialisedSize(value: Json): number {
    return Buffer.byteLength(JSON.stringify(value));
}

/**
 * The value as a receiver on the other side of a network would see it: a copy, dates as text,
 * `undefined` gone (a whole value of `undefined` is null). Throws TypeError for what JSON cannot say.
 */
export function throughJson(value: unknown): Json {
    return JSON.parse(JSON.stringify(value) ?? 'null') as Json;
}
