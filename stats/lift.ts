import type { Contrast } from './contrast.ts';
import type { Estimate } from './estimate.ts';

/** The effect relative to the size of the baseline: 0.05 is +5 %. */
export type Lift =
    | { readonly status: 'ok'; readonly lift: number; readonly lower: number; readonly upper: number }
    /** The baseline is not distinguishable from zero at this critical value: show the absolute effect only. */
    | { readonly status: 'unbounded'; readonly lift: number }
    | { readonly status: 'zero_baseline' }
    /** The ratio leaves the range of doubles: the baseline is zero but for rounding. */
    | { readonly status: 'overflow' };

/**
 * Fieller's interval of difference / |baseline| (J. R. Stat. Soc. B 16, 1954): the ratios r that a test of
 * difference - r * baseline = 0 does not reject. Zero is inside exactly when |difference| / se <= critical.
 */
export function fiellerLift(contrast: Contrast, critical: number): Lift {
    const { difference: a, baseline: b, differenceVariance: va, baselineVariance: vb, covariance: vab } = contrast;
    if (b === 0) return { status: 'zero_baseline' };
    const lift = a / Math.abs(b);
    const c2 = critical * critical;
    const leading = (Math.abs(b) - critical * Math.sqrt(vb)) * (Math.abs(b) + critical * Math.sqrt(vb));
    if (!(leading > 0)) return finiteLift({ status: 'unbounded', lift });
    const middle = a * b - c2 * vab;
    // As a product, so that its sign is the sign of |a| - c se and the root nearest zero gets the test's sign.
    const half = critical * Math.sqrt(va);
    const constant = (Math.abs(a) - half) * (Math.abs(a) + half);
    // middle^2 - leading * constant, multiplied out: the terms that cancel are gone.
    const spread = b * b * va - 2 * a * b * vab + a * a * vb - c2 * (va * vb - vab * vab);
    const root = critical * Math.sqrt(Math.max(0, spread));
    const far = middle + (middle < 0 ? -root : root);
    const roots = far === 0 ? [0, 0] : [far / leading, constant / far];
    const [lower, upper] = [Math.min(...roots), Math.max(...roots)];
    if (b > 0) return finiteLift({ status: 'ok', lift, lower, upper });
    return finiteLift({ status: 'ok', lift, lower: 0 - upper, upper: 0 - lower });
}

function finiteLift(lift: Lift): Lift {
    return Object.values(lift).every((value) => typeof value !== 'number' || Number.isFinite(value))
        ? lift
        : { status: 'overflow' };
}

/**
 * The first-order interval most tools print, for comparison columns only: it misses on one side far more often
 * than on the other when the baseline is noisy, and can contradict the test.
 */
export function deltaLift(control: Estimate, treatment: Estimate, critical: number): Lift {
    if (control.value === 0) return { status: 'zero_baseline' };
    const baseline = Math.abs(control.value);
    const lift = (treatment.value - control.value) / baseline;
    const relative = treatment.value / baseline;
    const half = (critical * Math.sqrt(treatment.variance + control.variance * relative * relative)) / baseline;
    return finiteLift({ status: 'ok', lift, lower: lift - half, upper: lift + half });
}

/** Katz's interval on the log scale (Biometrics 34, 1978), for comparison columns; needs two positive values. */
export function logDeltaLift(control: Estimate, treatment: Estimate, critical: number): Lift {
    if (control.value === 0) return { status: 'zero_baseline' };
    const lift = (treatment.value - control.value) / Math.abs(control.value);
    if (control.value < 0 || treatment.value <= 0) return finiteLift({ status: 'unbounded', lift });
    const relative = treatment.variance / treatment.value ** 2 + control.variance / control.value ** 2;
    const centre = Math.log(treatment.value / control.value);
    const half = critical * Math.sqrt(relative);
    return finiteLift({ status: 'ok', lift, lower: Math.expm1(centre - half), upper: Math.expm1(centre + half) });
}
