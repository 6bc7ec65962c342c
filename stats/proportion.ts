import { isProportion, type Proportion } from './estimate.ts';
import { fisherExact } from './fisher.ts';
import { type Interval, intervalAround } from './interval.ts';
import { normalCritical, normalTwoSided } from './numerics/normal.ts';
import { type Computed, computed, isLevel } from './result.ts';

/** Below this expected count in any cell the normal approximation is not to be trusted (Cochran 1954). */
const LOW_EXPECTED_COUNT = 5;

export interface ProportionTest {
    readonly difference: number;
    /** Pooled: its square is Pearson's chi-square. */
    readonly z: number;
    readonly pValue: number;
    readonly pooledStandardError: number;
    readonly unpooledStandardError: number;
    /** Difference +- critical times the unpooled standard error. May contradict the pooled test near its level. */
    readonly waldInterval: Interval;
    /** An expected cell count is below 5: read `exactPValue` instead. */
    readonly lowCounts: boolean;
    /** Fisher's exact p value; given when `lowCounts`. */
    readonly exactPValue: number | undefined;
}

export type ProportionTestResult =
    | Computed<ProportionTest>
    | { readonly status: 'insufficient_n' | 'zero_variance' | 'invalid_input' };

/** The two-proportion z test, treatment minus control, with a Wald interval at confidence 1 - alpha. */
export function proportionTest(control: Proportion, treatment: Proportion, alpha: number): ProportionTestResult {
    if (!isProportion(control) || !isProportion(treatment) || !isLevel(alpha)) return { status: 'invalid_input' };
    const [nc, nt] = [control.trials, treatment.trials];
    if (nc === 0 || nt === 0) return { status: 'insufficient_n' };
    const successes = control.successes + treatment.successes;
    const failures = nc + nt - successes;
    if (successes === 0 || failures === 0) return { status: 'zero_variance' };
    const [pc, pt] = [control.successes / nc, treatment.successes / nt];
    const pooled = Math.sqrt((successes / (nc + nt)) * (failures / (nc + nt)) * (1 / nc + 1 / nt));
    const unpooled = Math.sqrt((pt * (1 - pt)) / nt + (pc * (1 - pc)) / nc);
    const z = (pt - pc) / pooled;
    const lowCounts = (Math.min(nc, nt) * Math.min(successes, failures)) / (nc + nt) < LOW_EXPECTED_COUNT;
    const exact = lowCounts ? fisherExact(control, treatment) : undefined;
    return computed({
        difference: pt - pc,
        z,
        pValue: normalTwoSided(z),
        pooledStandardError: pooled,
        unpooledStandardError: unpooled,
        waldInterval: intervalAround(pt - pc, normalCritical(alpha) * unpooled),
        lowCounts,
        exactPValue: exact?.status === 'ok' ? exact.pValue : undefined,
    });
}
