/** Murmur3's finalizer: every bit of the input changes every bit of the output. */
function mix(word: number): number {
    let h = word | 0;
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    return h ^ (h >>> 16);
}

/**
 * xoshiro128** 1.1 (Blackman and Vigna, https://prng.di.unimi.it/): small, fast in 32-bit arithmetic, the same on
 * every machine. One instance is pointed at many streams: what is drawn for user 7 depends on the seed, the stream
 * and the 7, never on who was drawn before. Not for secrets.
 */
export class Random {
    private a = 1;
    private b = 0;
    private c = 0;
    private d = 0;

    /** Starts at the four words of a state, which must not all be 0. */
    static fromState(a: number, b: number, c: number, d: number): Random {
        const random = new Random();
        random.a = a;
        random.b = b;
        random.c = c;
        random.d = d;
        return random;
    }

    /** Points at a stream. `seed` is an integer up to 2^53 - 1, `stream` and `index` are integers below 2^32. */
    restart(seed: number, stream: number, index: number): this {
        const low = mix(seed | 0);
        const high = mix(Math.floor(seed / 0x1_0000_0000) ^ 0x9e3779b9);
        this.a = mix(low ^ Math.imul(index, 0x9e3779b1));
        this.b = mix(this.a ^ high ^ Math.imul(stream, 0x85ebca77));
        this.c = mix(this.b ^ low ^ index);
        this.d = mix(this.c ^ high ^ stream) | 1;
        return this;
    }

    /** An integer from 0 to 2^32 - 1. */
    uint32(): number {
        const product = Math.imul(this.b, 5);
        const result = Math.imul((product << 7) | (product >>> 25), 9);
        const shifted = this.b << 9;
        this.c ^= this.a;
        this.d ^= this.b;
        this.b ^= this.c;
        this.a ^= this.d;
        this.c ^= shifted;
        this.d = (this.d << 11) | (this.d >>> 21);
        return result >>> 0;
    }

    /** From 0 up to, not including, 1. */
    unit(): number {
        return this.uint32() / 0x1_0000_0000;
    }

    /** An integer from 0 to `count` - 1, for counts far below 2^32. */
    below(count: number): number {
        return Math.floor(this.unit() * count);
    }

    /** True with this probability. */
    chance(probability: number): boolean {
        return this.unit() < probability;
    }
}
