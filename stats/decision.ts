import type { GuardrailVerdict } from './guardrail.ts';

/** In order of precedence. */
export type Decision =
    /** The data do not come from the experiment as planned. */
    | 'invalid'
    | 'do_not_ship'
    /** The effect has opposite signs in different segments. */
    | 'review_segment'
    | 'keep_running'
    /** The plan is fulfilled, but a guardrail is not shown to hold. */
    | 'keep_running_or_review'
    | 'ship'
    | 'no_effect_detected';

export interface GoalEvidence {
    readonly name: string;
    /** Adjusted for the family of goals; fixed horizon. Undefined when the goal could not be computed. */
    readonly adjustedPValue: number | undefined;
    /** Running minimum of the anytime p values, adjusted likewise. */
    readonly anytimePValue: number | undefined;
    /** Which way the estimate points; `none` for exactly no difference. */
    readonly direction: 'better' | 'worse' | 'none';
}

export interface GuardrailEvidence {
    readonly name: string;
    /** `not_available` when it could not be computed, which never counts as a pass. */
    readonly verdict: GuardrailVerdict | 'not_available';
}

export interface CrossoverEvidence {
    readonly name: string;
    /** Gail & Simon's p value of the dimension. */
    readonly pValue: number;
}

export interface Evidence {
    readonly srm: 'ok' | 'caution' | 'alert';
    /** Units in arms that should have none. */
    readonly leak: number;
    /** Share of units seen in more than one arm. */
    readonly multiExposedShare: number;
    readonly hasPreExposureBias: boolean;
    readonly goals: readonly GoalEvidence[];
    readonly guardrails: readonly GuardrailEvidence[];
    readonly crossovers: readonly CrossoverEvidence[];
    /** Whether the planned number of units is reached. */
    readonly isPlanFulfilled: boolean;
    readonly alpha: number;
}

/** What decided, for the sentence under the verdict. */
export type Reason =
    | { readonly kind: 'srm' | 'leak' | 'multi_exposed' | 'pre_exposure_bias' | 'plan_not_fulfilled' }
    | { readonly kind: 'goal_harmed' | 'goal_improved' | 'goal_undecided' | 'crossover'; readonly name: string }
    | { readonly kind: 'guardrail'; readonly name: string; readonly verdict: GuardrailEvidence['verdict'] };

export interface Ruling {
    readonly decision: Decision;
    readonly reasons: readonly Reason[];
}

const MOST_MULTI_EXPOSED = 0.01;
const CROSSOVER_LEVEL = 0.01;

/**
 * The decision an experiment's evidence calls for. Before the planned size only anytime p values count, so looking
 * early cannot decide more often than looking once.
 */
export function decide(evidence: Evidence): Ruling {
    const invalid = invalidReasons(evidence);
    if (invalid.length > 0) return { decision: 'invalid', reasons: invalid };
    const harmed = goalReasons(evidence, 'worse', 'goal_harmed');
    const failed = guardrailReasons(evidence, ['fail_beyond_margin', 'fail_harm']);
    if (harmed.length + failed.length > 0) return { decision: 'do_not_ship', reasons: [...harmed, ...failed] };
    const crossed = evidence.crossovers.filter(({ pValue }) => pValue < CROSSOVER_LEVEL);
    if (crossed.length > 0) {
        return { decision: 'review_segment', reasons: crossed.map(({ name }) => ({ kind: 'crossover', name })) };
    }
    const improved = goalReasons(evidence, 'better', 'goal_improved');
    const areAllImproved = evidence.goals.length > 0 && improved.length === evidence.goals.length;
    if (!evidence.isPlanFulfilled && !areAllImproved) {
        return { decision: 'keep_running', reasons: [{ kind: 'plan_not_fulfilled' }] };
    }
    const open = guardrailReasons(evidence, ['inconclusive', 'not_available']);
    if (open.length > 0) return { decision: 'keep_running_or_review', reasons: open };
    if (areAllImproved) return { decision: 'ship', reasons: improved };
    const undecided = evidence.goals.filter(({ name }) => !improved.some((reason) => reason.name === name));
    return {
        decision: 'no_effect_detected',
        reasons: undecided.map(({ name }) => ({ kind: 'goal_undecided', name })),
    };
}

function invalidReasons(evidence: Evidence): readonly Reason[] {
    const checks = [
        ['srm', evidence.srm === 'alert'],
        ['leak', evidence.leak > 0],
        ['multi_exposed', evidence.multiExposedShare > MOST_MULTI_EXPOSED],
        ['pre_exposure_bias', evidence.hasPreExposureBias],
    ] as const;
    return checks.filter(([, isHit]) => isHit).map(([kind]) => ({ kind }));
}

/** Goals that are significant in a direction, by the p value that may be read at this stage. */
function goalReasons<K extends 'goal_harmed' | 'goal_improved'>(
    { goals, isPlanFulfilled, alpha }: Evidence,
    direction: GoalEvidence['direction'],
    kind: K,
): readonly { readonly kind: K; readonly name: string }[] {
    return goals
        .filter((goal) => goal.direction === direction)
        .filter((goal) => ((isPlanFulfilled ? goal.adjustedPValue : goal.anytimePValue) ?? 1) < alpha)
        .map(({ name }) => ({ kind, name }));
}

function guardrailReasons(
    { guardrails }: Evidence,
    verdicts: readonly GuardrailEvidence['verdict'][],
): readonly Reason[] {
    return guardrails
        .filter(({ verdict }) => verdicts.includes(verdict))
        .map(({ name, verdict }) => ({ kind: 'guardrail', name, verdict }));
}
