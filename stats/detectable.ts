import { type DetectableResult, isTarget, multiplier, type PowerTarget } from './power.ts';
import { computed } from './result.ts';

/**
 * The smallest treatment rate above the baseline that is found with the target's power, when the treatment's
 * variance is that of its own rate: (pT - pC)^2 = z^2 (pC qC / nC + pT qT / nT), solved for pT.
 */
export function detectableRate(baseline: number, controlUnits: number, target: PowerTarget): DetectableResult {
    const isValid = isTarget(target) && baseline >= 0 && baseline <= 1 && controlUnits > 0;
    if (!isValid) return { status: 'invalid_input' };
    if (baseline === 0) return { status: 'zero_baseline' };
    const square = multiplier(target) ** 2;
    const perTreatment = square / (controlUnits * target.ratio);
    const leading = 1 + perTreatment;
    const middle = baseline + perTreatment / 2;
    const constant = baseline ** 2 - (square / controlUnits) * baseline * (1 - baseline);
    const rate = (middle + Math.sqrt(middle * middle - leading * constant)) / leading;
    // Beyond 1 there is no rate: even a treatment that always succeeds would be missed too often.
    if (!(rate < 1)) return { status: 'none_detectable' };
    return computed({ absolute: rate - baseline, relative: (rate - baseline) / baseline });
}

/**
 * The smallest lift found by a test of the lift itself by the delta method, whose variance grows with the lift:
 * for comparison with tools that test that way. A test of the difference finds `detectableDifference` instead.
 *
 * @param unitVariance variance of one unit, equal in both arms of `units` each
 */
export function detectableLiftByDelta(
    baseline: number,
    unitVariance: number,
    units: number,
    target: Omit<PowerTarget, 'ratio'>,
): DetectableResult {
    const isValid = isTarget({ ...target, ratio: 1 }) && unitVariance >= 0 && units > 0 && Number.isFinite(baseline);
    if (!isValid) return { status: 'invalid_input' };
    if (baseline === 0) return { status: 'zero_baseline' };
    const size = Math.abs(baseline);
    const noise = (multiplier(target) ** 2 * unitVariance) / units;
    const leading = 1 - noise / (size * size);
    if (!(leading > 0)) return { status: 'none_detectable' };
    const value = (size + Math.sqrt(size * size - leading * (size * size - noise))) / leading;
    return computed({ absolute: value - size, relative: (value - size) / size });
}
