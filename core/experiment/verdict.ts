import type {
    ArmVerdict,
    DecisionWord,
    DimensionAnalysis,
    GoalComparison,
    GuardrailComparison,
    TrustCheck,
    Verdict,
} from './document.ts';
import { formatCount } from './format.ts';
import type { ExperimentPlan } from './plan.ts';
import { treatmentsOf } from './plan.ts';
import { sequentialP } from './planned-looks.ts';
import { crossoverSentence, goalSentence, guardrailSentence, powerSentence, sizeSentence } from './sentences.ts';
import { intervalsOf, isPlannedSizeReached } from './shown.ts';

/** What a decision is made from. */
export interface Evidence {
    readonly plan: ExperimentPlan;
    readonly units: number;
    readonly trust: readonly TrustCheck[];
    readonly goals: readonly GoalComparison[];
    readonly guardrails: readonly GuardrailComparison[];
    readonly segments: readonly DimensionAnalysis[];
}

/** An effect that helps some and harms others is reviewed by people below this p-value. */
const CROSSOVER_LIMIT = 0.01;

/** Which arm's decision stands for the experiment: an arm that still may win keeps it alive. */
const PRECEDENCE: readonly DecisionWord[] = [
    'ship',
    'review_segment',
    'keep_running',
    'keep_running_or_review',
    'no_effect_detected',
    'do_not_ship',
];

/** The decision by the rule of the project, with the sentences that decided it. */
export function decide(evidence: Evidence): Verdict {
    const whole = decideWhole(evidence);
    if (whole !== undefined) return whole;
    const arms = treatmentsOf(evidence.plan).map((variant) => decideArm(variant, evidence));
    const leading = [...arms].sort(
        (a, b) =>
            PRECEDENCE.indexOf(a.decision) - PRECEDENCE.indexOf(b.decision) ||
            primaryGain(b.variant, evidence) - primaryGain(a.variant, evidence),
    )[0]!;
    const [because, ...also] = leading.reasons;
    const cautions = evidence.trust
        .filter((check) => check.level === 'caution' && check.id !== 'planned_size')
        .map((check) => check.detail);
    return {
        decision: leading.decision,
        variant: leading.variant,
        because: because!,
        also: [...also, ...cautions],
        arms,
    };
}

/** What is decided for all arms at once: nothing to compare, or numbers nobody may read. */
function decideWhole({ plan, units, trust }: Evidence): Verdict | undefined {
    const say = (decision: DecisionWord, because: string, also: readonly string[] = []): Verdict => ({
        decision,
        variant: null,
        because,
        also,
        arms: treatmentsOf(plan).map((variant) => ({ variant, decision, reasons: [because] })),
    });
    if (units === 0)
        return say('keep_running', 'Nobody has been exposed to the experiment yet, so nothing can be concluded.');
    const alerts = trust.filter((check) => check.level === 'alert').map((check) => check.detail);
    if (alerts.length > 0) return say('invalid', alerts[0]!, alerts.slice(1));
    if (treatmentsOf(plan).length === 0) {
        return say(
            'invalid',
            `Only one arm has users (${plan.control}, ${formatCount(units)}): there is nothing to compare it with.`,
        );
    }
    return undefined;
}

function decideArm(variant: string, evidence: Evidence): ArmVerdict {
    const { plan, units } = evidence;
    const intervals = intervalsOf(plan, units);
    const reached = isPlannedSizeReached(plan, units);
    const goals = evidence.goals.filter((goal) => goal.treatment.variant === variant);
    const guardrails = evidence.guardrails.filter((one) => one.treatment.variant === variant);
    const shown = goals.filter((goal) => decidingP(goal, evidence) < plan.alpha);
    const harmed = shown.filter((goal) => !isGood(goal));
    const failed = guardrails.filter((one) => one.verdict.startsWith('fail'));
    const unclear = guardrails.filter((one) => one.verdict === 'inconclusive');
    const reversed = evidence.segments.filter((one) => one.variant === variant && crossoverP(one) < CROSSOVER_LIMIT);
    const say = (decision: DecisionWord, ...reasons: string[]): ArmVerdict => ({ variant, decision, reasons });
    const goalWords = goals.map((goal) => goalSentence(goal, plan, intervals));
    const unclearWords = unclear.map((one) => guardrailSentence(one));

    if (harmed.length + failed.length > 0) {
        return say(
            'do_not_ship',
            ...harmed.map((goal) => `Harm shown: ${goalSentence(goal, plan, intervals)}`),
            ...failed.map((one) => guardrailSentence(one)),
        );
    }
    if (reversed.length > 0) return say('review_segment', ...reversed.map(crossoverSentence), ...goalWords);
    if (goals.length === 0) return say('keep_running', 'The plan names no goal, so nothing can be decided.');
    if (goals.every(({ test }) => test.status !== 'ok')) {
        const [first, ...rest] = goalWords;
        return say('keep_running', `Nothing can be concluded. ${first}`, ...rest, ...unclearWords);
    }
    if (!reached && shown.length < goals.length) {
        const [first, ...rest] = goalWords;
        return say(
            'keep_running',
            `The data cannot tell yet. ${first}`,
            ...rest,
            sizeSentence(plan, units),
            ...powerSentence(goals[0]!),
        );
    }
    if (unclear.length > 0) return say('keep_running_or_review', ...unclearWords, ...goalWords);
    if (shown.length === goals.length) {
        return say(
            'ship',
            ...goalWords,
            guardrails.length === 0
                ? 'No guardrails were planned.'
                : `All planned guardrails (${guardrails.length}) are shown not to be worse than their margins.`,
        );
    }
    if (shown.length > 0)
        return say(
            'keep_running_or_review',
            'The goals do not agree: some are shown to improve, others are not.',
            ...goalWords,
        );
    return say(
        'no_effect_detected',
        `No goal reached its threshold at the planned size: ${goalWords[0]}`,
        ...goalWords.slice(1),
    );
}

/** By how much the arm moved the primary goal for the better: of two arms that may ship the better one is named. */
function primaryGain(variant: string, { goals }: Evidence): number {
    const goal = goals.find((one) => one.primary && one.treatment.variant === variant);
    if (goal === undefined || goal.difference.status !== 'ok') return 0;
    return goal.metric.better === 'higher' ? goal.difference.value : -goal.difference.value;
}

/** The adjusted p-value that may decide now; 1 where there is none. */
export function decidingP(
    goal: GoalComparison,
    { plan, units, goals }: Pick<Evidence, 'plan' | 'units' | 'goals'>,
): number {
    if (plan.looks.kind === 'at_units') return sequentialP(goal, plan, units, goals.length);
    const outcome = isPlannedSizeReached(plan, units) ? goal.adjustedPValue : goal.adjustedAnytimePValue;
    return outcome.status === 'ok' ? outcome.pValue : 1;
}

function isGood({ metric, difference }: GoalComparison): boolean {
    if (difference.status !== 'ok') return false;
    return metric.better === 'higher' ? difference.value > 0 : difference.value < 0;
}

function crossoverP({ crossover }: DimensionAnalysis): number {
    return crossover.status === 'ok' ? crossover.pValue : 1;
}
