import type { IsoDate } from '../../types.ts';
import type { Estimate, Outcome } from '../document.ts';
import type { Metric } from '../metrics.ts';

/** A way to read the same comparison. */
export type ReadingKind =
    /** As it stands in the table of goals. */
    | 'raw'
    /** With what users did over the 30 days before exposure taken into account (CUPED). */
    | 'cuped'
    /** Weighted by segments, so that an accidental imbalance of the arms is no effect. */
    | 'post_stratified'
    /** With the largest values lowered to a cap. */
    | 'winsorised';

/** One reading of one goal. */
export interface Reading {
    readonly kind: ReadingKind;
    readonly outcome: Outcome<{
        readonly difference: Estimate;
        readonly lift: Outcome<Estimate>;
        readonly pValue: number;
    }>;
    /** Share of the variance removed against the raw reading; negative when it hurt; `null` where nothing is compared. */
    readonly varianceReduction: number | null;
    /** What was done, with its numbers. */
    readonly note: string;
    readonly flags: readonly ('sign_flip' | 'pre_exposure_bias')[];
}

/** All readings of one goal and arm, the raw one first. */
export interface GoalReadings {
    readonly metric: Metric;
    readonly variant: string;
    readonly readings: readonly Reading[];
}

/** How likely the arm is better, and what a wrong choice is expected to cost, in the metric's unit a user. */
export interface Chances {
    readonly metric: Metric;
    readonly variant: string;
    readonly outcome: Outcome<{
        readonly chanceToWin: number;
        readonly lossIfShipped: number;
        readonly lossIfKept: number;
    }>;
}

/** The state of the primary goal after one day's exposures. */
export interface Look {
    readonly exposedOn: IsoDate;
    /** Units of the two arms so far. */
    readonly units: number;
    readonly difference: number;
    readonly low: number;
    readonly high: number;
    /** Smallest so far. */
    readonly pValue: number;
}

export interface OverTime {
    readonly metric: Metric;
    readonly variant: string;
    readonly looks: readonly Look[];
}

/** Users in the arms as time went by. */
export interface SampleRatioOverTime {
    /** A p-value that is right however often it is looked at. */
    readonly sequential: Outcome<{ readonly pValue: number; readonly logBayesFactor: number }>;
    /** Days tested by themselves, and those of them that are off (corrected for their number). */
    readonly daysTested: number;
    readonly daysOff: readonly { readonly exposedOn: IsoDate; readonly pValue: number }[];
    /** Users exposed a day, over all arms: the newest sixty days at most. */
    readonly exposures: readonly { readonly exposedOn: IsoDate; readonly units: number }[];
}

/** Users by when they were first exposed: does the effect wear off, or grow? */
export interface Novelty {
    readonly metric: Metric;
    readonly variant: string;
    readonly cohorts: readonly {
        readonly from: IsoDate;
        readonly to: IsoDate;
        readonly units: number;
        readonly difference: Outcome<Estimate>;
    }[];
    readonly trend: Outcome<{ readonly change: number; readonly pValue: number }>;
    readonly sentence: string;
}

/** What the change would bring a day, if it lasts and everybody gets it. */
export interface Impact {
    readonly metric: Metric;
    readonly variant: string;
    readonly unitsPerDay: number;
    readonly perDay: Outcome<Estimate>;
}

/** What one relative change takes to be found. */
export interface ReachRow {
    readonly lift: number;
    /** The plan's smallest change worth finding. */
    readonly isPlanned: boolean;
    /** The chance to find it with the users so far; `null` where unknown. */
    readonly power: number | null;
    /** Users an arm for the plan's power, not rounded: on the arcsine scale (Cohen's h), for shares alone. */
    readonly unitsByArcsine: number | null;
    /** The same by the normal approximation (for shares with the pooled variance of R's power.prop.test). */
    readonly unitsByNormal: number | null;
}

/** What a goal alone can find, by the test at a planned size. */
export interface Reach {
    readonly metric: Metric;
    readonly variant: string;
    /** What sizes are computed from: control's value, a share to a hundredth of a percent. */
    readonly baseline: number;
    readonly rows: readonly ReachRow[];
}

/** One term of a regression; odds ratios are `null` where they leave the range of numbers. */
export interface LogisticTerm {
    readonly term: string;
    readonly estimate: number;
    readonly standardError: number;
    readonly pValue: number;
    readonly oddsRatio: Estimate | null;
}

/** A logistic regression of buying, for one arm against control. */
export interface LogisticReading {
    /** `before`: on what was known before exposure. `events`: on the events in the window as well. */
    readonly model: 'before' | 'events';
    readonly variant: string;
    readonly label: string;
    /** Why the terms are no effects, for the model whose covariate the treatment can change. */
    readonly warning: string | null;
    readonly outcome: Outcome<{
        readonly method: 'maximum_likelihood' | 'firth';
        readonly terms: readonly LogisticTerm[];
        readonly users: number;
        readonly mcFadden: number;
        readonly dropped: readonly string[];
        /** Mean difference of the fitted shares with and without the treatment (g-computation). */
        readonly effect: Outcome<Estimate & { readonly pValue: number }>;
    }>;
}

/** Quantiles of a value per user, arm against arm. */
export interface QuantileReading {
    readonly label: string;
    readonly unit: Metric['unit'];
    readonly variant: string;
    readonly rows: readonly {
        readonly probability: number;
        readonly control: number | null;
        readonly treatment: number | null;
        readonly difference: Outcome<Estimate & { readonly pValue: number }>;
    }[];
}

/** Where large values were cut for the winsorised reading. */
export interface CapReading {
    readonly metric: Metric;
    readonly quantile: number;
    readonly cap: number;
    readonly capped: readonly { readonly variant: string; readonly units: number }[];
}

/** What a statistician looks at before believing the rest. It has no say in the decision. */
export interface Diagnostics {
    readonly logistic: readonly LogisticReading[];
    readonly quantiles: readonly QuantileReading[];
    readonly caps: readonly CapReading[];
}
