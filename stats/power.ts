import { normalCdf, normalSf, normalUpperQuantile } from './numerics/normal.ts';
import { type Computed, computed, isLevel } from './result.ts';

/**
 * What a sample size is planned with. `critical` is the critical value the decision will be taken at:
 * `normalCritical(alpha)` for a fixed horizon, `normalUpperQuantile(alpha)` for one-sided non-inferiority,
 * `anytimeCritical(units, plan)` for a sequence. `power` is the probability to find an effect of the planned size.
 */
export interface PowerTarget {
    readonly critical: number;
    readonly power: number;
    /** Treatment units per control unit; 1 for equal arms. */
    readonly ratio: number;
}

/** Variance of one unit in each arm. With a covariate, multiply by 1 - correlation^2 (see `adjustedVariance`). */
export interface UnitVariances {
    readonly control: number;
    readonly treatment: number;
}

export type SampleSizeResult =
    /** Units to plan, rounded up, and the exact solution for the control arm. */
    | Computed<{ readonly control: number; readonly treatment: number; readonly exactControl: number }>
    | { readonly status: 'invalid_input' };

export type DetectableResult =
    | Computed<{ readonly absolute: number; readonly relative: number }>
    /** No effect, however large, would be found at this size. */
    | { readonly status: 'none_detectable' | 'zero_baseline' | 'invalid_input' };

/** Units for an absolute difference `delta` of means, rates or ratios: z^2 (sC^2 + sT^2 / ratio) / delta^2. */
export function sampleSize(delta: number, variances: UnitVariances, target: PowerTarget): SampleSizeResult {
    if (!isTarget(target) || delta === 0 || !areVariances(variances)) return { status: 'invalid_input' };
    const spread = variances.control + variances.treatment / target.ratio;
    return sizes((multiplier(target) ** 2 * spread) / delta ** 2, target.ratio);
}

/**
 * Units for two rates with the pooled variance under "no effect" and the unpooled one under the effect, as R's
 * power.prop.test has it.
 */
export function sampleSizeOfRates(control: number, treatment: number, target: PowerTarget): SampleSizeResult {
    const areRates = control >= 0 && control <= 1 && treatment >= 0 && treatment <= 1 && control !== treatment;
    if (!isTarget(target) || !areRates) return { status: 'invalid_input' };
    const { critical, power, ratio } = target;
    const pooled = (control + ratio * treatment) / (1 + ratio);
    const null_ = Math.sqrt(pooled * (1 - pooled) * (1 + 1 / ratio));
    const effect = Math.sqrt(control * (1 - control) + (treatment * (1 - treatment)) / ratio);
    const root = (critical * null_ + normalUpperQuantile(1 - power) * effect) / (treatment - control);
    return sizes(root * root, ratio);
}

/**
 * Units for two rates on the arcsine scale, whose variance does not depend on the rate: z^2 (1 + 1 / ratio) / h^2 with
 * Cohen's h (Cohen 1988, chapter 6; R's pwr.2p.test). Calculators that ask for two rates mostly give this number.
 */
export function sampleSizeByArcsine(control: number, treatment: number, target: PowerTarget): SampleSizeResult {
    const areRates = control >= 0 && control <= 1 && treatment >= 0 && treatment <= 1 && control !== treatment;
    if (!isTarget(target) || !areRates) return { status: 'invalid_input' };
    const h = 2 * Math.asin(Math.sqrt(treatment)) - 2 * Math.asin(Math.sqrt(control));
    return sizes((multiplier(target) / h) ** 2 * (1 + 1 / target.ratio), target.ratio);
}

/** The smallest difference of means found with the target's power, given the standard error of the difference. */
export function detectableDifference(
    standardError: number,
    baseline: number,
    target: Omit<PowerTarget, 'ratio'>,
): DetectableResult {
    const isValid = isTarget({ ...target, ratio: 1 }) && standardError >= 0 && Number.isFinite(baseline);
    if (!isValid) return { status: 'invalid_input' };
    if (baseline === 0) return { status: 'zero_baseline' };
    const absolute = multiplier(target) * standardError;
    return computed({ absolute, relative: absolute / Math.abs(baseline) });
}

/** The probability that a difference of `delta` is found, in either direction, by a two-sided test. */
export function powerOfDifference(delta: number, standardError: number, critical: number): number {
    const shift = Math.abs(delta) / standardError;
    return normalSf(critical - shift) + normalCdf(-critical - shift);
}

/** What a covariate leaves of the variance (regression adjustment, CUPED). */
export function adjustedVariance(variance: number, correlation: number): number {
    return variance * (1 - correlation * correlation);
}

/**
 * The power each goal and guardrail needs so that an experiment whose effects are as planned ships with
 * probability `power` (Schultzberg, Ankargren & Fränberg, arXiv:2402.11609).
 */
export function powerPerTest(power: number, guardrails: number): number {
    return 1 - (1 - power) / (guardrails + 1);
}

/** The sum of both quantiles that every planning formula multiplies the standard error by. */
export function multiplier({ critical, power }: Pick<PowerTarget, 'critical' | 'power'>): number {
    return critical + normalUpperQuantile(1 - power);
}

/** Whether critical value, power and ratio can be planned with. */
export function isTarget({ critical, power, ratio }: PowerTarget): boolean {
    return critical > 0 && Number.isFinite(critical) && isLevel(power) && ratio > 0 && Number.isFinite(ratio);
}

function areVariances({ control, treatment }: UnitVariances): boolean {
    return control >= 0 && treatment >= 0 && control + treatment > 0;
}

function sizes(control: number, ratio: number): SampleSizeResult {
    return computed({ control: Math.ceil(control), treatment: Math.ceil(control * ratio), exactControl: control });
}
