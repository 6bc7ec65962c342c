import type { Comparison, ExperimentAnalysis, GoalComparison, GuardrailComparison, Outcome } from './document.ts';

/** One row of the mart `experiment_results`. */
export interface ResultRow extends Readonly<Record<string, string | number | null>> {
    readonly experiment_id: string;
    readonly metric: string;
    /** The treatment arm. */
    readonly variant: string;
    readonly dimension: string;
    readonly segment: string;
    /** `goal`, `guardrail`, `funnel`, `secondary` or `segment`. */
    readonly role: string;
    readonly control: string;
    readonly count_control_units: number;
    readonly count_variant_units: number;
    readonly control_value: number | null;
    readonly variant_value: number | null;
    /** Variant minus control, in the metric's unit. */
    readonly estimate: number | null;
    readonly ci_low: number | null;
    readonly ci_high: number | null;
    readonly p_value: number | null;
    readonly adjusted_p_value: number | null;
    readonly anytime_low: number | null;
    readonly anytime_high: number | null;
    readonly anytime_p_value: number | null;
    /** Relative to control: 0.05 is +5 %. */
    readonly lift: number | null;
    readonly lift_low: number | null;
    readonly lift_high: number | null;
    readonly lift_status: string;
    /** Of estimate and p-value: `ok`, or why one of them is missing. */
    readonly status: string;
    readonly reason: string | null;
    readonly guardrail_verdict: string | null;
    /** The decision about the arm; the same in all its rows. */
    readonly verdict: string;
}

/** The comparisons of an analysis as rows. A metric stands once, in its most important role. */
export function resultRows(analysis: ExperimentAnalysis): ResultRow[] {
    const placed = new Set<string>();
    const roles: [string, readonly Comparison[]][] = [
        ['goal', analysis.goals],
        ['guardrail', analysis.guardrails],
        ['funnel', analysis.funnel.flatMap((step) => step.comparisons)],
        ['secondary', analysis.secondary],
    ];
    const overall = roles.flatMap(([role, comparisons]) =>
        comparisons.flatMap((comparison) => {
            const key = JSON.stringify([comparison.metric.name, comparison.treatment.variant]);
            if (placed.has(key)) return [];
            placed.add(key);
            return [rowOf(analysis, comparison, { role, dimension: 'all', segment: 'all' })];
        }),
    );
    const bySegment = analysis.segments.flatMap(({ dimension, rows }) =>
        rows.map(({ segment, comparison }) => rowOf(analysis, comparison, { role: 'segment', dimension, segment })),
    );
    return [...overall, ...bySegment];
}

type Place = Pick<ResultRow, 'role' | 'dimension' | 'segment'>;

function rowOf(analysis: ExperimentAnalysis, comparison: Comparison, place: Place): ResultRow {
    const { metric, control, treatment, difference, lift, test, anytime } = comparison;
    const trouble = [difference, test].find((outcome) => outcome.status !== 'ok');
    const arm = analysis.verdict.arms.find(({ variant }) => variant === treatment.variant);
    return {
        experiment_id: analysis.experimentId,
        metric: metric.name,
        variant: treatment.variant,
        ...place,
        control: control.variant,
        count_control_units: control.units,
        count_variant_units: treatment.units,
        control_value: read(control.value, 'value'),
        variant_value: read(treatment.value, 'value'),
        estimate: read(difference, 'value'),
        ci_low: read(difference, 'low'),
        ci_high: read(difference, 'high'),
        p_value: read(test, 'pValue'),
        adjusted_p_value: isGoal(comparison) ? read(comparison.adjustedPValue, 'pValue') : null,
        anytime_low: read(anytime, 'low'),
        anytime_high: read(anytime, 'high'),
        anytime_p_value: read(anytime, 'pValue'),
        lift: read(lift, 'value'),
        lift_low: read(lift, 'low'),
        lift_high: read(lift, 'high'),
        lift_status: lift.status,
        status: trouble === undefined ? 'ok' : trouble.status,
        reason: trouble !== undefined && 'why' in trouble ? trouble.why : null,
        guardrail_verdict: isGuardrail(comparison) ? comparison.verdict : null,
        verdict: arm?.decision ?? analysis.verdict.decision,
    };
}

function read<Name extends string>(outcome: Outcome<{ readonly [key in Name]: number }>, name: Name): number | null {
    return outcome.status === 'ok' ? outcome[name] : null;
}

function isGoal(comparison: Comparison): comparison is GoalComparison {
    return 'adjustedPValue' in comparison;
}

function isGuardrail(comparison: Comparison): comparison is GuardrailComparison {
    return 'nonInferiorityPValue' in comparison;
}
