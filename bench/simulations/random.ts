/** A stream of uniform numbers in [0, 1) that is the same for the same seed (mulberry32). */
export function uniformStream(seed: number): () => number {
    let state = seed >>> 0;
    return () => {
        state = (state + 0x6d2b79f5) >>> 0;
        let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
        mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    };
}

/** Successes among `trials` with probability `p`: waiting times between successes, fast for small p. */
export function binomial(uniform: () => number, trials: number, p: number): number {
    const rate = Math.log1p(-p);
    let successes = 0;
    for (let at = Math.floor(Math.log(1 - uniform()) / rate); at < trials; ) {
        successes++;
        at += 1 + Math.floor(Math.log(1 - uniform()) / rate);
    }
    return successes;
}

/** A standard normal number (Box and Muller). */
export function normal(uniform: () => number): number {
    return Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}
