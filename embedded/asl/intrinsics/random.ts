import { randomUUID } from 'node:crypto';

/** Chance, so that tests can fix it: States.UUID, States.MathRandom, the jitter of retries. */
export interface Random {
    uuid(): string;
    /** At least 0, below 1. */
    fraction(): number;
}

/** Node's own chance. */
export const systemRandom: Random = { uuid: () => randomUUID(), fraction: () => Math.random() };

/** An integer of [0, bound) that depends on the seed alone (one step of a 48-bit linear congruential generator). */
export function seededInteger(seed: number, bound: number): number {
    const mask = (1n << 48n) - 1n;
    const scrambled = (BigInt(seed) ^ 0x5deece66dn) & mask;
    const next = (scrambled * 0x5deece66dn + 0xbn) & mask;
    return Number((next >> 17n) % BigInt(bound));
}
