const HALF_LN_2PI = 0.9189385332046728;

/** From here on the seven terms of Stirling's series below are exact to the last bit of a double. */
const STIRLING_FROM = 10;

function stirlingSeries(x: number): number {
    const s = 1 / (x * x);
    const tail = s * (1 / 1188 - s * (691 / 360360 - s / 156));
    return (1 / 12 - s * (1 / 360 - s * (1 / 1260 - s * (1 / 1680 - tail)))) / x;
}

/**
 * Natural logarithm of the gamma function for x > 0, to about 1e-15 absolute or relative, whichever is larger.
 * Small arguments are moved up by the recurrence, then Stirling's series (Abramowitz & Stegun 6.1.41) applies.
 */
export function lnGamma(x: number): number {
    let shifted = x;
    let product = 1;
    while (shifted < STIRLING_FROM) {
        product *= shifted;
        shifted += 1;
    }
    return (shifted - 0.5) * Math.log(shifted) - shifted + HALF_LN_2PI + stirlingSeries(shifted) - Math.log(product);
}

/**
 * What Stirling's formula leaves over: ln gamma(x) - [(x - 1/2) ln x - x + ln(2 pi)/2], x > 0.
 * Densities are written with it, because differences of large ln gamma values lose their last digits.
 */
export function stirlingRemainder(x: number): number {
    if (x >= STIRLING_FROM) return stirlingSeries(x);
    return lnGamma(x) - ((x - 0.5) * Math.log(x) - x + HALF_LN_2PI);
}

/** ln B(a, b) for a, b > 0, without subtracting large logarithms from each other. */
export function lnBeta(a: number, b: number): number {
    const [small, large] = a < b ? [a, b] : [b, a];
    const sum = a + b;
    const remainders = stirlingRemainder(a) + stirlingRemainder(b) - stirlingRemainder(sum);
    const largeShare = (large - 0.5) * Math.log1p(-small / sum);
    const smallShare = small * Math.log(small / sum);
    return HALF_LN_2PI + largeShare + smallShare - 0.5 * Math.log(small) + remainders;
}

/** ln(1 + u) - u for u > -1, accurate where the two nearly cancel. */
function log1pMinus(u: number): number {
    const s = u / (2 + u);
    const square = s * s;
    let power = square * s;
    let sum = 0;
    for (let k = 3; ; k += 2) {
        const next = sum + power / k;
        if (next === sum) return 2 * sum - u * s;
        sum = next;
        power *= square;
    }
}

/**
 * The deviance k ln(k/m) + m - k of observed k against expected m (both > 0); never negative.
 * `excess` is m - k, passed in because the caller often knows it better than the difference of the two.
 */
export function deviance(k: number, m: number, excess: number): number {
    const u = excess / k;
    if (Math.abs(u) < 0.5) return -k * log1pMinus(u);
    return k * Math.log(k / m) + excess;
}
