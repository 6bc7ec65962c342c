import { ConflictError } from '../errors.ts';
import type { ControlStore } from './ports.ts';

const MOST_TRIES = 200;

/**
 * Reads a document, computes its next state and writes it by compare-and-swap, again until nobody interfered.
 * `next` gets undefined when there is no document yet; returning `undefined` leaves the document as it is.
 * Returns the state that now stands.
 */
export async function swap<T>(
    control: ControlStore,
    key: string,
    next: (current: T | undefined) => T | undefined,
): Promise<T | undefined> {
    for (let attempt = 0; attempt < MOST_TRIES; attempt++) {
        const current = await control.read<T>(key);
        const wanted = next(current?.value);
        if (wanted === undefined) return current?.value;
        try {
            if (current === undefined) await control.create(key, wanted);
            else await control.replace(key, wanted, current.etag);
            return wanted;
        } catch (error) {
            if (!(error instanceof ConflictError)) throw error;
            await pause(attempt);
        }
    }
    throw new ConflictError(`${key} keeps changing: gave up after ${MOST_TRIES} tries.`);
}

/** Waits a little longer after each lost race, so that many writers take turns. */
function pause(attempt: number): Promise<void> {
    const most = Math.min(2 ** attempt, 64);
    return new Promise((resolve) => setTimeout(resolve, Math.random() * most));
}
