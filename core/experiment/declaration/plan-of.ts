import { defaultPlan, EXPOSURE_EVENTS, type ExperimentPlan } from '../plan.ts';
import type { PlanDocument } from './document.ts';

/** The plan a valid file declares. What a file cannot say is as for undeclared experiments. */
export function planOf(document: PlanDocument): ExperimentPlan {
    const { arms, control, looks, size } = document;
    const defaults = defaultPlan(document.experiment, Object.keys(arms));
    const others = Object.keys(arms).filter((variant) => variant !== control);
    const largest = Math.max(...others.map((variant) => arms[variant]!));
    const total = Object.values(arms).reduce((sum, weight) => sum + weight, 0);
    return {
        ...defaults,
        declared: true,
        hypothesis: document.hypothesis.trim().replaceAll(/\s+/g, ' '),
        unit: document.unit,
        startsOn: document.start,
        endsOn: document.end,
        exposedBy: document.exposure ?? EXPOSURE_EVENTS,
        control,
        arms: [control, ...others].map((variant) => ({ variant, weight: arms[variant]! })),
        alpha: document.alpha,
        power: document.power,
        minimumLift: document.minimum_lift ?? null,
        covariates: document.covariates ?? defaults.covariates,
        goals: document.goals,
        guardrails: Object.entries(document.guardrails).map(([metric, margin]) => ({ metric, margin })),
        segments: document.segments ?? defaults.segments,
        plannedUnits: size,
        looks: looks === 'every_build' ? { kind: 'every_build' } : { kind: 'at_units', units: looks.at },
        // Tightest when control and the largest treatment arm have what the plan gives them.
        anytimeTuningUnits: Math.max(2, Math.round((size * (arms[control]! + largest)) / total)),
        currency: document.currency ?? null,
    };
}
