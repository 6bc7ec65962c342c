import type { Metric } from './metrics.ts';

/** A share of the traffic an arm was to get; weights need not add up to 1. */
export interface PlannedArm {
    readonly variant: string;
    readonly weight: number;
}

/** A guardrail must not get worse by more than `margin`, a share of the control arm's value (0.05 = 5 %). */
export interface PlannedGuardrail {
    readonly metric: string;
    readonly margin: number;
}

/**
 * When the result is looked at: after every build, at units fixed beforehand (bounds of Lan and DeMets), or once,
 * because all data there will ever be are there.
 */
export type LookSchedule =
    | { readonly kind: 'every_build' }
    | { readonly kind: 'at_units'; readonly units: readonly number[] }
    | { readonly kind: 'once' };

/** Something that was declared otherwise after the plan was frozen. */
export interface Deviation {
    /** Where in the plan: `guardrails.bounce_rate`. */
    readonly place: string;
    readonly planned: string;
    readonly now: string;
}

/**
 * What was decided about an experiment before its result was seen. A declared plan comes from a file;
 * an undeclared experiment gets `defaultPlan`, which can never end by its own fixed-size test.
 */
export interface ExperimentPlan {
    readonly experimentId: string;
    /** `false` when nobody declared a plan and the defaults stand in for it. */
    readonly declared: boolean;
    readonly hypothesis: string | null;
    /** What is randomised and counted; `user` in a shop. */
    readonly unit: string;
    /** First and last day of the experiment as planned; `null` when not declared. */
    readonly startsOn: string | null;
    readonly endsOn: string | null;
    /** Events that make an assigned unit an exposed one; empty when units are rows of a file. */
    readonly exposedBy: readonly string[];
    /** When the plan was frozen; from then on changes of the file are deviations. */
    readonly frozenAt: string | null;
    readonly deviations: readonly Deviation[];
    readonly control: string;
    readonly arms: readonly PlannedArm[];
    readonly alpha: number;
    /** The probability to find an effect of the planned size. */
    readonly power: number;
    /** The smallest relative change worth finding, which the size was planned for; `null` when not declared. */
    readonly minimumLift: number | null;
    /** Metrics the shop's catalogue does not know, or that are to be read otherwise. */
    readonly metrics: readonly Metric[];
    /** Goals that are also read with what units did before exposure taken into account. */
    readonly covariates: readonly string[];
    /** The first goal is the primary one. */
    readonly goals: readonly string[];
    readonly guardrails: readonly PlannedGuardrail[];
    readonly segments: readonly string[];
    /** Units over all arms at which the fixed-size test may be read; `null` when none was planned. */
    readonly plannedUnits: number | null;
    readonly looks: LookSchedule;
    /** Units of two arms at which the anytime-valid interval is tightest; fixed before the start. */
    readonly anytimeTuningUnits: number;
    /** Looks before every arm has this many units do not count: the normal approximation needs them. */
    readonly firstLookUnitsPerArm: number;
    /** ISO 4217 code of money, such as `EUR`; `null` when the shop did not say. */
    readonly currency: string | null;
    /** Days after the first exposure in which outcomes count. */
    readonly windowDays: number;
    /** Share of units with several variants above which no result can be read. */
    readonly severalVariantsLimit: number;
    /** A segment needs this many units in each arm to be compared. */
    readonly minimumSegmentUnits: number;
}

/** The events that expose a user where a plan names no others. */
export const EXPOSURE_EVENTS: readonly string[] = ['view_product', 'pdp_view'];

/**
 * Rows of the relation `experiment_exposures`: the default events, which belong to no experiment, and those of plans
 * with others. A plan with the default events has no rows: declaring it must not build exposures again.
 */
export function exposureRows(plans: readonly ExperimentPlan[]): string[][] {
    const nameOf = (events: readonly string[]) => [...new Set(events)].sort().join(' or ');
    const usual = nameOf(EXPOSURE_EVENTS);
    const declared = plans
        .filter(({ exposedBy }) => exposedBy.length > 0 && nameOf(exposedBy) !== usual)
        .flatMap(({ experimentId, exposedBy }) =>
            [...new Set(exposedBy)].sort().map((event) => [experimentId, nameOf(exposedBy), event]),
        );
    return [...EXPOSURE_EVENTS.map((event) => ['', 'default', event]), ...declared];
}

/** What users are cut into, as it was at their first exposure. */
export const SEGMENTS: readonly string[] = ['device_type', 'country', 'user_type'];

/** Metrics that are also measured over the days before exposure. */
export const COVARIATES: readonly string[] = ['purchased', 'revenue', 'events_per_user'];

/** The margins the project ships: what a shop usually tolerates for a change that helps elsewhere. */
const DEFAULT_GUARDRAILS: readonly PlannedGuardrail[] = [
    { metric: 'bounce_rate', margin: 0.05 },
    { metric: 'retained_day_7', margin: 0.05 },
    { metric: 'session_duration', margin: 0.05 },
];

/**
 * The plan of an experiment nobody declared: control is the arm named `control`, else the first by
 * name; traffic split equally; no planned size, so only the anytime-valid test can ever end it.
 * With no variants at all the control is `control` and there are no arms. Error events are guarded where the shop
 * has any.
 */
export function defaultPlan(experimentId: string, variants: readonly string[], measuresErrors = false): ExperimentPlan {
    const sorted = [...new Set(variants)].sort();
    const control = sorted.includes('control') ? 'control' : (sorted[0] ?? 'control');
    const arms = [control, ...sorted.filter((variant) => variant !== control)];
    return {
        experimentId,
        declared: false,
        hypothesis: null,
        unit: 'user',
        startsOn: null,
        endsOn: null,
        exposedBy: EXPOSURE_EVENTS,
        frozenAt: null,
        deviations: [],
        control,
        arms: sorted.length === 0 ? [] : arms.map((variant) => ({ variant, weight: 1 })),
        alpha: 0.05,
        power: 0.8,
        minimumLift: null,
        metrics: [],
        covariates: COVARIATES,
        goals: ['purchased', 'revenue'],
        guardrails: measuresErrors
            ? [...DEFAULT_GUARDRAILS, { metric: 'error_rate', margin: 0.1 }]
            : DEFAULT_GUARDRAILS,
        segments: SEGMENTS,
        plannedUnits: null,
        looks: { kind: 'every_build' },
        anytimeTuningUnits: 10_000,
        firstLookUnitsPerArm: 100,
        currency: null,
        windowDays: 7,
        severalVariantsLimit: 0.01,
        minimumSegmentUnits: 50,
    };
}

/** The arms compared with control, in the plan's order. */
export function treatmentsOf(plan: ExperimentPlan): string[] {
    return plan.arms.map((arm) => arm.variant).filter((variant) => variant !== plan.control);
}
