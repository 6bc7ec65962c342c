import { chiSquareSf } from './numerics/incomplete-gamma.ts';
import { type Computed, computed, isCount } from './result.ts';

/** How many units an arm has and what share of the traffic (in any unit) the plan gave it. */
export interface ArmShare {
    readonly count: number;
    readonly weight: number;
}

export interface SrmTest {
    readonly chiSquare: number;
    readonly degreesOfFreedom: number;
    readonly pValue: number;
    /** `alert` (p < 0.001) makes the experiment invalid, `caution` (p < 0.01) is shown. */
    readonly verdict: 'ok' | 'caution' | 'alert';
    /** Expected counts in the order of the arms. */
    readonly expected: readonly number[];
    /** Units found in arms that should have none. */
    readonly leak: number;
}

export type SrmResult = Computed<SrmTest> | { readonly status: 'insufficient_n' | 'invalid_input' };

const ALERT = 0.001;
const CAUTION = 0.01;

/**
 * Sample ratio mismatch: Pearson's chi-square of the arms' sizes against the planned split. `tests` is the number
 * of such tests looked at together (one a segment), which tightens both limits (Bonferroni).
 */
export function srmTest(arms: readonly ArmShare[], tests: number = 1): SrmResult {
    const isValid = arms.every((arm) => isCount(arm.count) && arm.weight >= 0 && Number.isFinite(arm.weight));
    const planned = arms.filter((arm) => arm.weight > 0);
    if (!isValid || planned.length < 2 || !(tests >= 1)) return { status: 'invalid_input' };
    const total = planned.reduce((sum, arm) => sum + arm.count, 0);
    if (total === 0) return { status: 'insufficient_n' };
    const weights = planned.reduce((sum, arm) => sum + arm.weight, 0);
    const expected = arms.map((arm) => (arm.weight / weights) * total);
    const chiSquare = arms.reduce((sum, arm, i) => {
        const e = expected[i]!;
        return e > 0 ? sum + (arm.count - e) ** 2 / e : sum;
    }, 0);
    const degreesOfFreedom = planned.length - 1;
    const pValue = chiSquareSf(chiSquare, degreesOfFreedom);
    const verdict = pValue < ALERT / tests ? 'alert' : pValue < CAUTION / tests ? 'caution' : 'ok';
    const leak = arms.reduce((sum, arm) => (arm.weight > 0 ? sum : sum + arm.count), 0);
    return computed({ chiSquare, degreesOfFreedom, pValue, verdict, expected, leak });
}
