import type {
    ArmValue,
    DecisionWord,
    GuardrailVerdict,
    Outcome,
    TestMethod,
    Verdict,
} from '../../experiment/document.ts';
import type { Currency } from '../../experiment/format.ts';
import { formatCount, formatValue } from '../../experiment/format.ts';
import type { Metric } from '../../experiment/metrics.ts';

/** How good or bad news is; each has a colour and an icon of its own. */
export type Tone = 'ok' | 'caution' | 'alert' | 'info';

interface Worded {
    readonly word: string;
    readonly tone: Tone;
}

const DECISIONS: Readonly<Record<DecisionWord, Worded>> = {
    invalid: { word: 'Invalid: do not read a result from this', tone: 'alert' },
    do_not_ship: { word: 'Do not ship', tone: 'alert' },
    review_segment: { word: 'Review: the effect reverses between segments', tone: 'caution' },
    keep_running: { word: 'Keep running', tone: 'info' },
    keep_running_or_review: { word: 'Keep running, or review the guardrails', tone: 'caution' },
    ship: { word: 'Ship', tone: 'ok' },
    no_effect_detected: { word: 'No effect detected at the planned size', tone: 'info' },
};

const GUARDRAILS: Readonly<Record<GuardrailVerdict, Worded>> = {
    fail_beyond_margin: { word: 'Fails: worse than the margin', tone: 'alert' },
    fail_harm: { word: 'Fails: measurably worse', tone: 'alert' },
    pass_with_cost: { word: 'Passes, at a cost', tone: 'caution' },
    pass: { word: 'Passes', tone: 'ok' },
    inconclusive: { word: 'Inconclusive', tone: 'caution' },
};

const METHODS: Readonly<Record<TestMethod, string>> = {
    two_proportion_z: 'two-proportion z-test, pooled',
    welch_t: 'Welch t-test',
    delta_method_t: 'ratio of two sums, delta method',
};

/** The word of a decision; `Ship` and `Do not ship` name their arm. */
export function decisionWords(verdict: Pick<Verdict, 'decision' | 'variant'>): Worded {
    const worded = DECISIONS[verdict.decision];
    const named = verdict.variant !== null && (verdict.decision === 'ship' || verdict.decision === 'do_not_ship');
    return named ? { ...worded, word: `${worded.word} ${verdict.variant}` } : worded;
}

/** The arms the decision is not about, each with its own decision and the sentence that decided it. */
export function otherArms({ arms, variant }: Verdict): string[] {
    if (variant === null) return [];
    return arms
        .filter((arm) => arm.variant !== variant)
        .map((arm) => `Arm ${arm.variant}: ${DECISIONS[arm.decision].word.toLowerCase()}. ${arm.reasons[0] ?? ''}`);
}

/** The word of a guardrail's verdict. */
export function guardrailWords(verdict: GuardrailVerdict): Worded {
    return GUARDRAILS[verdict];
}

/** A test's name in words. */
export function methodWords(method: TestMethod): string {
    return METHODS[method];
}

/** An arm's value with its unit, or a dash where there is none. */
export function valueWords(metric: Metric, arm: ArmValue, currency: Currency): string {
    return arm.value.status === 'ok' ? formatValue(metric.unit, arm.value.value, currency) : '\u2013';
}

/** What an arm's value was computed from: `19 of 448 users`. */
export function basisWords(metric: Metric, arm: ArmValue): string {
    if (metric.kind === 'proportion') return `${formatCount(arm.numerator)} of ${formatCount(arm.units)} users`;
    if (metric.kind === 'mean') return `${formatCount(arm.units)} users`;
    return `${formatCount(arm.denominator)} ${metric.divisor ?? 'sessions'} of ${formatCount(arm.units)} users`;
}

/** The reason of a missing number, or nothing when it is there. */
export function whyMissing<T>(outcome: Outcome<T>): string | null {
    return outcome.status === 'ok' ? null : (outcome as { readonly why: string }).why;
}

/** `1 user`, `2 users`. */
export function plural(count: number, one: string, many = `${one}s`): string {
    return `${formatCount(count)} ${count === 1 ? one : many}`;
}
