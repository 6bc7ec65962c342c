import type { Contrast } from './contrast.ts';
import { effectAt } from './effect.ts';
import {
    areJointMoments,
    type JointMoments,
    marginalX,
    marginalY,
    mergeJointMoments,
    sampleCovariance,
} from './joint-moments.ts';
import { sampleVariance } from './moments.ts';
import { studentCritical, studentTwoSided } from './numerics/student.ts';
import { computed, isLevel, type Overflow } from './result.ts';
import { type Comparison, compareMeans, welchDegreesOfFreedom } from './welch.ts';

/** Where the slope of the metric on its covariate comes from. */
export type SlopeSource =
    /** Both arms pooled within arms: the slope of an analysis of covariance. The default. */
    | 'within'
    /** All units as one sample, which lets the slope absorb part of the effect; for comparison with gbstats. */
    | 'total'
    /** Each arm its own (Lin, Ann. Appl. Stat. 7, 2013). */
    | 'per_arm';

export interface CupedOptions {
    readonly alpha: number;
    readonly slope?: SlopeSource;
    /** How many pre-exposure comparisons are looked at together; tightens the limit of `pre_exposure_bias`. */
    readonly tests?: number;
}

export type CupedWarning =
    /** The arms already differed before exposure (Welch test of the covariate, p < 0.001 / tests). */
    | 'pre_exposure_bias'
    /** The adjustment turned the sign of the effect. */
    | 'sign_flip';

export interface CupedComparison extends Comparison {
    /** The same comparison without the covariate. */
    readonly raw: Comparison;
    /** Arm means on the metric's own scale, adjusted to the same covariate. */
    readonly adjustedMeans: { readonly control: number; readonly treatment: number };
    readonly theta: { readonly control: number; readonly treatment: number };
    /** Correlation of metric and covariate within arms. */
    readonly correlation: number;
    /** The share of the variance removed; negative when the adjustment hurt. */
    readonly varianceReduction: number;
    readonly warnings: readonly CupedWarning[];
}

export type CupedResult =
    | ({ readonly status: 'ok' } & CupedComparison)
    | Overflow
    | {
          readonly status:
              | 'zero_covariate_variance'
              | 'zero_variance'
              | 'insufficient_n'
              | 'undefined_denominator'
              | 'invalid_input';
      };

const BIAS_LEVEL = 0.001;

/**
 * Two arms' means of y adjusted for a covariate x measured before exposure (Deng, Xu, Kohavi, Walker, WSDM 2013).
 * Where x was not measured the caller fills in the mean over all arms.
 */
export function cupedComparison(control: JointMoments, treatment: JointMoments, options: CupedOptions): CupedResult {
    if (!areJointMoments(control) || !areJointMoments(treatment) || !isLevel(options.alpha)) {
        return { status: 'invalid_input' };
    }
    const raw = compareMeans(marginalY(control), marginalY(treatment), options.alpha);
    if (raw.status !== 'ok') return raw;
    if (!(control.m2X + treatment.m2X > 0)) return { status: 'zero_covariate_variance' };
    const theta = slopes(control, treatment, options.slope ?? 'within');
    const centre = mergeJointMoments(control, treatment).meanX;
    const adjustedMeans = {
        control: control.meanY - theta.control * (control.meanX - centre),
        treatment: treatment.meanY - theta.treatment * (treatment.meanX - centre),
    };
    const c = {
        value: adjustedMeans.control,
        variance: residualVariance(control, theta.control),
        count: control.count,
    };
    const t = {
        value: adjustedMeans.treatment,
        variance: residualVariance(treatment, theta.treatment),
        count: treatment.count,
    };
    const contrast = adjustedContrast(control, treatment, theta, { control: c, treatment: t });
    if (!(contrast.differenceVariance > 0)) return { status: 'zero_variance' };
    const degreesOfFreedom = welchDegreesOfFreedom(c, t);
    const standardError = Math.sqrt(contrast.differenceVariance);
    const statistic = contrast.difference / standardError;
    const critical = studentCritical(options.alpha, degreesOfFreedom);
    return computed({
        contrast,
        difference: contrast.difference,
        standardError,
        statistic,
        degreesOfFreedom,
        critical,
        pValue: studentTwoSided(statistic, degreesOfFreedom),
        ...effectAt(contrast, critical),
        raw,
        adjustedMeans,
        theta,
        correlation: withinCorrelation(control, treatment),
        varianceReduction: 1 - contrast.differenceVariance / raw.contrast.differenceVariance,
        warnings: warningsOf(control, treatment, raw.difference * contrast.difference, options.tests ?? 1),
    });
}

interface Slopes {
    readonly control: number;
    readonly treatment: number;
}

function slopes(control: JointMoments, treatment: JointMoments, source: SlopeSource): Slopes {
    const slope = (comoment: number, m2X: number): number => (m2X > 0 ? comoment / m2X : 0);
    if (source === 'per_arm') {
        return { control: slope(control.comoment, control.m2X), treatment: slope(treatment.comoment, treatment.m2X) };
    }
    const all = mergeJointMoments(control, treatment);
    const common =
        source === 'total'
            ? slope(all.comoment, all.m2X)
            : slope(control.comoment + treatment.comoment, control.m2X + treatment.m2X);
    return { control: common, treatment: common };
}

/** Variance of the mean of y - theta x. */
function residualVariance(arm: JointMoments, theta: number): number {
    const y = sampleVariance(marginalY(arm));
    const x = sampleVariance(marginalX(arm));
    return Math.max(0, y + theta * theta * x - 2 * theta * sampleCovariance(arm)) / arm.count;
}

/**
 * The adjusted difference against the unadjusted control mean. With a slope per arm the overall covariate mean no
 * longer cancels, so its own variance and its covariance with the baseline come in.
 */
function adjustedContrast(
    control: JointMoments,
    treatment: JointMoments,
    theta: Slopes,
    adjusted: { control: { value: number; variance: number }; treatment: { value: number; variance: number } },
): Contrast {
    const units = control.count + treatment.count;
    const gap = theta.treatment - theta.control;
    const x = (arm: JointMoments): number => sampleVariance(marginalX(arm)) * arm.count;
    const centreVariance = (x(control) + x(treatment)) / (units * units);
    const y = sampleVariance(marginalY(control));
    const xy = sampleCovariance(control);
    return {
        difference: adjusted.treatment.value - adjusted.control.value,
        baseline: control.meanY,
        differenceVariance: adjusted.treatment.variance + adjusted.control.variance + gap * gap * centreVariance,
        baselineVariance: y / control.count,
        covariance: -(y - theta.control * xy) / control.count + (gap * xy) / units,
    };
}

function withinCorrelation(control: JointMoments, treatment: JointMoments): number {
    const scale = Math.sqrt(control.m2X + treatment.m2X) * Math.sqrt(control.m2Y + treatment.m2Y);
    return (control.comoment + treatment.comoment) / scale;
}

function warningsOf(
    control: JointMoments,
    treatment: JointMoments,
    signs: number,
    tests: number,
): readonly CupedWarning[] {
    const before = compareMeans(marginalX(control), marginalX(treatment), BIAS_LEVEL);
    const isBiased = before.status === 'ok' && before.pValue < BIAS_LEVEL / tests;
    return [...(isBiased ? (['pre_exposure_bias'] as const) : []), ...(signs < 0 ? (['sign_flip'] as const) : [])];
}
