const MAX_STEPS = 200;

/**
 * A root of a continuous function between `low` and `high`, to the precision of a double: Brent's method
 * (Algorithms for Minimization without Derivatives, 1973, chapter 4). When the function has the same sign at
 * both ends the end where it is closer to zero is returned, so callers check their bracket where it can fail.
 */
export function findRoot(f: (x: number) => number, low: number, high: number): number {
    let [a, b, fa, fb] = [low, high, f(low), f(high)];
    if (fa === 0) return a;
    if (fa > 0 === fb > 0) return Math.abs(fa) < Math.abs(fb) ? a : b;
    let [c, fc, step, lastStep] = [a, fa, b - a, b - a];
    for (let i = 0; i < MAX_STEPS && fb !== 0; i++) {
        if (fb > 0 === fc > 0) [c, fc, step, lastStep] = [a, fa, b - a, b - a];
        if (Math.abs(fc) < Math.abs(fb)) [a, b, c, fa, fb, fc] = [b, c, b, fb, fc, fb];
        const tolerance = 2 * Number.EPSILON * Math.abs(b) + Number.MIN_VALUE;
        const half = 0.5 * (c - b);
        if (Math.abs(half) <= tolerance) break;
        const trial = Math.abs(lastStep) >= tolerance ? interpolated(a, b, c, fa, fb, fc) : undefined;
        const isUseful = trial !== undefined && usefulStep(trial, half, lastStep, tolerance);
        [lastStep, step] = isUseful ? [step, trial] : [half, half];
        [a, fa] = [b, fb];
        b += Math.abs(step) > tolerance ? step : Math.sign(half) * tolerance;
        fb = f(b);
    }
    return b;
}

/** The step from b that inverse quadratic (or, with two points, linear) interpolation proposes. */
function interpolated(a: number, b: number, c: number, fa: number, fb: number, fc: number): number | undefined {
    if (Math.abs(fa) <= Math.abs(fb)) return undefined;
    const s = fb / fa;
    if (a === c) return ((b - c) * s) / (1 - s);
    const q = fa / fc;
    const r = fb / fc;
    const numerator = s * ((c - b) * q * (q - r) - (b - a) * (r - 1));
    return -numerator / ((q - 1) * (r - 1) * (s - 1));
}

/** A step is taken if it stays well inside the bracket and shrinks faster than halving would. */
function usefulStep(step: number, half: number, lastStep: number, tolerance: number): boolean {
    if (!(step * half > 0)) return false;
    return Math.abs(step) < Math.min(1.5 * Math.abs(half) - tolerance / 2, Math.abs(lastStep) / 2);
}
