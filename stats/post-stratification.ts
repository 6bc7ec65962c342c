import type { Contrast } from './contrast.ts';
import { effectAt } from './effect.ts';
import { areMoments, type Moments, mergeMoments, sampleVariance } from './moments.ts';
import { studentCritical, studentTwoSided } from './numerics/student.ts';
import { computed, isLevel } from './result.ts';
import type { ComparisonResult } from './welch.ts';

/** Both arms of one stratum: units alike in something known before exposure. */
export interface Stratum {
    readonly control: Moments;
    readonly treatment: Moments;
}

/**
 * The difference of means weighted by the strata's shares of all units, so that an accidental imbalance between the
 * arms does not count as an effect. Strata without variance in an arm are merged into the largest stratum.
 */
export function postStratifiedComparison(strata: readonly Stratum[], alpha: number): ComparisonResult {
    const isValid = strata.every(({ control, treatment }) => areMoments(control) && areMoments(treatment));
    if (!isValid || !isLevel(alpha)) return { status: 'invalid_input' };
    const merged = withoutDegenerate(strata.filter((stratum) => size(stratum) > 0));
    if (merged.some(({ control, treatment }) => control.count < 2 || treatment.count < 2) || merged.length === 0) {
        return { status: 'insufficient_n' };
    }
    const contrast = stratifiedContrast(merged);
    if (!(contrast.differenceVariance > 0)) return { status: 'zero_variance' };
    const degreesOfFreedom = stratifiedDegreesOfFreedom(merged, contrast.differenceVariance);
    const standardError = Math.sqrt(contrast.differenceVariance);
    const statistic = contrast.difference / standardError;
    const critical = studentCritical(alpha, degreesOfFreedom);
    return computed({
        contrast,
        difference: contrast.difference,
        standardError,
        statistic,
        degreesOfFreedom,
        critical,
        pValue: studentTwoSided(statistic, degreesOfFreedom),
        ...effectAt(contrast, critical),
    });
}

function size({ control, treatment }: Stratum): number {
    return control.count + treatment.count;
}

/** Moves strata that have no variance in an arm into the largest of the others (or of all, if none has any). */
function withoutDegenerate(strata: readonly Stratum[]): readonly Stratum[] {
    const isSound = (stratum: Stratum): boolean =>
        [stratum.control, stratum.treatment].every(({ count, m2 }) => count > 1 && m2 > 0);
    const sound = strata.filter(isSound).sort((a, b) => size(b) - size(a));
    const rest = strata.filter((stratum) => !isSound(stratum));
    const [largest, ...others] = sound.length > 0 ? [sound[0]!, ...sound.slice(1)] : rest.splice(0, 1);
    if (largest === undefined) return [];
    const absorbing = rest.reduce(
        (sum, stratum) => ({
            control: mergeMoments(sum.control, stratum.control),
            treatment: mergeMoments(sum.treatment, stratum.treatment),
        }),
        largest,
    );
    return [absorbing, ...others];
}

/** Weighted means with the variance within strata and that of the strata's random shares. */
function stratifiedContrast(strata: readonly Stratum[]): Contrast {
    const units = strata.reduce((sum, stratum) => sum + size(stratum), 0);
    const parts = strata.map((stratum) => ({
        weight: size(stratum) / units,
        difference: stratum.treatment.mean - stratum.control.mean,
        baseline: stratum.control.mean,
        controlVariance: sampleVariance(stratum.control) / stratum.control.count,
        treatmentVariance: sampleVariance(stratum.treatment) / stratum.treatment.count,
    }));
    const sum = (value: (part: (typeof parts)[number]) => number): number =>
        parts.reduce((total, part) => total + value(part), 0);
    const difference = sum((part) => part.weight * part.difference);
    const baseline = sum((part) => part.weight * part.baseline);
    const controlVariance = sum((part) => part.weight ** 2 * part.controlVariance);
    const treatmentVariance = sum((part) => part.weight ** 2 * part.treatmentVariance);
    const between = (left: (part: (typeof parts)[number]) => number, right: typeof left): number =>
        sum((part) => part.weight * left(part) * right(part)) / units;
    const ofDifference = (part: (typeof parts)[number]): number => part.difference - difference;
    const ofBaseline = (part: (typeof parts)[number]): number => part.baseline - baseline;
    return {
        difference,
        baseline,
        differenceVariance: controlVariance + treatmentVariance + between(ofDifference, ofDifference),
        baselineVariance: controlVariance + between(ofBaseline, ofBaseline),
        covariance: -controlVariance + between(ofDifference, ofBaseline),
    };
}

/** Satterthwaite's degrees of freedom over the arms of all strata. */
function stratifiedDegreesOfFreedom(strata: readonly Stratum[], variance: number): number {
    const units = strata.reduce((sum, stratum) => sum + size(stratum), 0);
    const share = (arm: Moments, weight: number): number =>
        ((weight * weight * sampleVariance(arm)) / arm.count / variance) ** 2 / (arm.count - 1);
    const sum = strata.reduce((total, stratum) => {
        const weight = size(stratum) / units;
        return total + share(stratum.control, weight) + share(stratum.treatment, weight);
    }, 0);
    return 1 / sum;
}
