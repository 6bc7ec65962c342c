import type { IsoDate } from '../types.ts';
import type { Metric } from './metrics.ts';
import type { ExperimentPlan } from './plan.ts';
import type {
    Chances,
    Diagnostics,
    GoalReadings,
    Impact,
    Novelty,
    OverTime,
    Reach,
    SampleRatioOverTime,
} from './readings/document.ts';
import type { TrustCheck } from './trust-check.ts';

/** Why a number is not there. Every number of the document is either `ok` or carries one of these. */
export type Trouble =
    | 'no_units'
    | 'too_few_units'
    | 'no_conversions'
    | 'no_variation'
    | 'no_baseline'
    | 'undefined_denominator'
    | 'unbounded'
    | 'not_applicable'
    | 'invalid_input';

/** A missing number, with the reason as a code and as a sentence. */
export interface Missing {
    readonly status: Trouble;
    readonly why: string;
}

export type Outcome<T> = ({ readonly status: 'ok' } & T) | Missing;

/** An estimate with its confidence interval, in the unit of the metric (or as a share, for lifts). */
export interface Estimate {
    readonly value: number;
    readonly low: number;
    readonly high: number;
}

/** What one arm did on one metric. */
export interface ArmValue {
    readonly variant: string;
    readonly units: number;
    /** Sum of what is counted (buyers, money, bounced sessions). */
    readonly numerator: number;
    /** Sum of what it is divided by: units, or sessions for a ratio per session. */
    readonly denominator: number;
    /** Mean, share or ratio; for shares with Wilson's interval, else with the normal interval of the mean. */
    readonly value: Outcome<Estimate>;
}

export type TestMethod = 'two_proportion_z' | 'welch_t' | 'delta_method_t';

export interface TestResult {
    readonly method: TestMethod;
    readonly statistic: number;
    /** Degrees of freedom of a t test; `null` for a z test. */
    readonly degreesOfFreedom: number | null;
    /** Two-sided. */
    readonly pValue: number;
}

/** The interval and p-value that stay valid however often the result is looked at. */
export interface AnytimeResult extends Estimate {
    /** Smallest over the looks so far. */
    readonly pValue: number;
    /** Looks (days with exposures) that counted. */
    readonly looks: number;
}

/**
 * `fixed`: right for one look at a size fixed beforehand. `anytime`: right however often the result is looked at, and
 * the only one shown before the planned size.
 */
export type IntervalKind = 'fixed' | 'anytime';

/** One metric, one treatment arm against control. */
export interface Comparison {
    readonly metric: Metric;
    readonly control: ArmValue;
    readonly treatment: ArmValue;
    readonly test: Outcome<TestResult>;
    /** Treatment minus control. Its interval holds zero exactly when the test does not reject, like the lift's. */
    readonly difference: Outcome<Estimate>;
    /** For shares, for comparison with other tools: the same difference with Newcombe's hybrid score interval. */
    readonly newcombeDifference: Outcome<Estimate>;
    /** For shares, for comparison with other tools: with the textbook interval (unpooled standard error). */
    readonly waldDifference: Outcome<Estimate>;
    /** Difference relative to the control arm (0.05 = +5 %). */
    readonly lift: Outcome<Estimate>;
    readonly anytime: Outcome<AnytimeResult>;
    /** The lift's interval at the anytime test's critical value. */
    readonly anytimeLift: Outcome<Estimate>;
    /** Exact p-value, for shares with an expected count below 5. */
    readonly exactPValue: number | null;
    /** Smallest change in the metric's unit this many units find with 80 % power, either direction. */
    readonly detectable: Outcome<{ readonly absolute: number; readonly relative: number | null }>;
    readonly flags: readonly ComparisonFlag[];
}

export type ComparisonFlag = 'low_counts';

/** A comparison whose p-values are adjusted for the whole family of goals and arms (Holm). */
export interface GoalComparison extends Comparison {
    readonly primary: boolean;
    readonly adjustedPValue: Outcome<{ readonly pValue: number }>;
    readonly adjustedAnytimePValue: Outcome<{ readonly pValue: number }>;
    /** The difference with an interval that holds for all goals and arms together (Bonferroni's level). */
    readonly adjustedDifference: Outcome<Estimate>;
    /** Probability that the users so far find the plan's smallest change; `null` where none is planned. */
    readonly powerAtMinimumLift: number | null;
}

export type GuardrailVerdict = 'fail_beyond_margin' | 'pass_with_cost' | 'pass' | 'fail_harm' | 'inconclusive';

/** A comparison read as "not worse than the margin" instead of "different". */
export interface GuardrailComparison extends Comparison {
    /** Share of the control arm's value it may get worse by. */
    readonly margin: number;
    readonly verdict: GuardrailVerdict;
    /** One-sided, of "worse by the margin or more". */
    readonly nonInferiorityPValue: Outcome<{ readonly pValue: number }>;
    /** The same for a result that is looked at again and again, at this look. */
    readonly anytimeNonInferiorityPValue: Outcome<{ readonly pValue: number }>;
    /** Units over both arms still missing for a clear answer if there is no true change; `null` when clear or unknown. */
    readonly unitsMissing: number | null;
    /** `anytime` while a fixed-size reading is not allowed yet. */
    readonly reading: IntervalKind;
}

export interface SampleRatioArm {
    readonly variant: string;
    readonly units: number;
    readonly expected: number;
}

/** Did the arms get the share of users the plan gives them? */
export interface SampleRatio {
    /** `all` for everybody. */
    readonly dimension: string;
    readonly segment: string;
    readonly arms: readonly SampleRatioArm[];
    /** `alert` stops the decision. */
    readonly level: 'ok' | 'caution' | 'alert' | 'not_checked';
    readonly result: Outcome<{
        readonly chiSquare: number;
        readonly degreesOfFreedom: number;
        readonly pValue: number;
        /** p-value times the number of segments tested (Bonferroni), for segments. */
        readonly adjustedPValue: number;
    }>;
    /** Units found in arms that were to get no traffic. */
    readonly leakedUnits: number;
}

export interface ExposureFlags {
    readonly exposedBeforeAssignment: number;
    readonly windowCut: number;
    readonly severalVariants: number;
    readonly units: number;
}

export type { CheckLevel, TrustCheck } from './trust-check.ts';

export interface FunnelStep {
    readonly name: string;
    readonly label: string;
    /** One comparison a treatment arm. */
    readonly comparisons: readonly Comparison[];
}

export type SegmentUse =
    | 'tested'
    /** Fewer units than the plan's minimum in one arm. */
    | 'too_few_units'
    /** A share with an expected count below 5: its variance cannot be trusted as a weight. */
    | 'too_few_conversions'
    | 'no_result';

export interface SegmentRow {
    readonly segment: string;
    readonly comparison: Comparison;
    /** The estimate pulled towards the pooled one by as much as the segments look alike. */
    readonly shrunken: number | null;
    /** Whether the segment takes part in the tests of the dimension; if not, why. */
    readonly use: SegmentUse;
}

/** One dimension, one treatment arm, the primary goal. */
export interface DimensionAnalysis {
    readonly dimension: string;
    readonly label: string;
    readonly variant: string;
    readonly metric: Metric;
    readonly rows: readonly SegmentRow[];
    readonly pooled: Outcome<Estimate>;
    readonly interaction: Outcome<{
        readonly statistic: number;
        readonly degreesOfFreedom: number;
        readonly pValue: number;
        /** Holm over the dimensions. */
        readonly adjustedPValue: number;
        readonly iSquared: number;
    }>;
    /** Gail and Simon's test of an effect that helps some and harms others. */
    readonly crossover: Outcome<{ readonly statistic: number; readonly pValue: number }>;
    /** Generated from the interaction test only. */
    readonly sentence: string;
}

export type DecisionWord =
    | 'invalid'
    | 'do_not_ship'
    | 'review_segment'
    | 'keep_running'
    | 'keep_running_or_review'
    | 'ship'
    | 'no_effect_detected';

/** The decision about one treatment arm; the sentences that decided it come first. */
export interface ArmVerdict {
    readonly variant: string;
    readonly decision: DecisionWord;
    readonly reasons: readonly string[];
}

export interface Verdict {
    readonly decision: DecisionWord;
    /** The arm the decision is about; `null` when it is about the whole experiment. */
    readonly variant: string | null;
    /** The sentence that decided it, with its numbers. */
    readonly because: string;
    /** What else a reader must know before acting, most important first. */
    readonly also: readonly string[];
    readonly arms: readonly ArmVerdict[];
}

export interface ArmCount {
    readonly variant: string;
    readonly role: 'control' | 'treatment';
    readonly units: number;
    readonly plannedShare: number;
    /** `null` when nobody was exposed. */
    readonly share: number | null;
}

/** Merged input of one metric and arm, over all days and units: everything the page was computed from. */
export interface InputMoments {
    readonly metric: string;
    readonly variant: string;
    readonly units: number;
    readonly meanNumerator: number;
    readonly m2Numerator: number;
    readonly meanDenominator: number | null;
    readonly m2Denominator: number | null;
    readonly comoment: number | null;
}

/** Everything an experiment page says, as plain JSON: no NaN, no undefined, no dates but strings. */
export interface ExperimentAnalysis {
    readonly format: 'cartlake.experiment/3';
    /** Version of the method: equal inputs give equal numbers only within one. */
    readonly statistics: string;
    readonly experimentId: string;
    readonly plan: ExperimentPlan;
    readonly period: { readonly from: IsoDate | null; readonly to: IsoDate | null; readonly days: number };
    readonly arms: readonly ArmCount[];
    readonly verdict: Verdict;
    /** Which intervals and p-values of goals, funnel, segments and other metrics may be read now, and their level. */
    readonly intervals: { readonly kind: IntervalKind; readonly alpha: number };
    readonly trust: readonly TrustCheck[];
    readonly sampleRatios: readonly SampleRatio[];
    readonly exposure: ExposureFlags;
    readonly goals: readonly GoalComparison[];
    readonly guardrails: readonly GuardrailComparison[];
    readonly secondary: readonly Comparison[];
    readonly funnel: readonly FunnelStep[];
    readonly segments: readonly DimensionAnalysis[];
    readonly overTime: readonly OverTime[];
    readonly sampleRatioOverTime: SampleRatioOverTime;
    readonly readings: readonly GoalReadings[];
    readonly chances: readonly Chances[];
    readonly novelty: readonly Novelty[];
    readonly impact: readonly Impact[];
    /** The primary goal, an entry an arm with a baseline. */
    readonly reach: readonly Reach[];
    readonly diagnostics: Diagnostics;
    readonly inputs: readonly InputMoments[];
}
