import type { ControlStore } from '../../store/ports.ts';
import { swap } from '../../store/swap.ts';
import type { IsoInstant } from '../../types.ts';
import { formatShare } from '../format.ts';
import type { Deviation, ExperimentPlan } from '../plan.ts';

/** A plan as it stood when its experiment started. */
export interface FrozenPlan {
    readonly plan: ExperimentPlan;
    readonly frozenAt: IsoInstant;
}

const keyOf = (experimentId: string) => `control/experiments/${experimentId}`;

/** Freezes the plans whose first day has come and that are not frozen yet. Frozen ones stay as they are. */
export async function freezeStarted(
    control: ControlStore,
    declared: Iterable<ExperimentPlan>,
    now: IsoInstant,
): Promise<void> {
    const today = now.slice(0, 10);
    for (const plan of declared) {
        if (plan.startsOn !== null && plan.startsOn <= today) await freezePlan(control, plan, now);
    }
}

/** Freezes one plan; the first copy stays. Returns what is frozen. */
export async function freezePlan(control: ControlStore, plan: ExperimentPlan, now: IsoInstant): Promise<FrozenPlan> {
    const frozen = await swap<FrozenPlan>(control, keyOf(plan.experimentId), (current) =>
        current === undefined ? { plan, frozenAt: now } : undefined,
    );
    return frozen!;
}

/** The plans that hold: frozen ones with what their files say differently now, the others as declared. */
export async function plansInForce(
    control: ControlStore,
    declared: ReadonlyMap<string, ExperimentPlan>,
): Promise<ExperimentPlan[]> {
    const keys = await control.list('control/experiments');
    const frozen = await Promise.all(keys.map((key) => control.read<FrozenPlan>(key)));
    const plans = new Map(declared);
    for (const document of frozen) {
        if (document === undefined) continue;
        const { plan, frozenAt } = document.value;
        const deviations = deviationsOf(plan, declared.get(plan.experimentId));
        plans.set(plan.experimentId, { ...plan, frozenAt, deviations });
    }
    return [...plans.values()].sort((a, b) => (a.experimentId < b.experimentId ? -1 : 1));
}

/** What was changed after the start, place by place. A file that is gone is one deviation. */
export function deviationsOf(planned: ExperimentPlan, now: ExperimentPlan | undefined): Deviation[] {
    if (now === undefined) return [{ place: 'the plan', planned: 'a file', now: 'no file any more' }];
    const [before, after] = [placesOf(planned), placesOf(now)];
    return [...new Set([...before.keys(), ...after.keys()])].sort().flatMap((place) => {
        const [was, is] = [before.get(place) ?? 'nothing', after.get(place) ?? 'nothing'];
        return was === is ? [] : [{ place, planned: was, now: is }];
    });
}

/** Everything a file can say, by the names it uses there, as text. */
function placesOf(plan: ExperimentPlan): Map<string, string> {
    const list = (words: readonly string[]) => words.join(', ') || 'none';
    const places = new Map<string, string>([
        ['hypothesis', plan.hypothesis ?? 'none'],
        ['start', plan.startsOn ?? 'none'],
        ['end', plan.endsOn ?? 'none'],
        ['exposure', list(plan.exposedBy)],
        ['control', plan.control],
        ['goals', list(plan.goals)],
        ['segments', list(plan.segments)],
        ['covariates', list(plan.covariates)],
        ['minimum_lift', String(plan.minimumLift ?? 'none')],
        ['size', String(plan.plannedUnits ?? 'none')],
        ['alpha', String(plan.alpha)],
        ['power', String(plan.power)],
        ['looks', plan.looks.kind === 'at_units' ? `at ${plan.looks.units.join(', ')}` : plan.looks.kind],
        ['currency', plan.currency ?? 'none'],
    ]);
    for (const { variant, weight } of plan.arms) places.set(`arms.${variant}`, String(weight));
    for (const { metric, margin } of plan.guardrails) places.set(`guardrails.${metric}`, formatShare(margin));
    return places;
}
