import { compareBetas } from '#stats/beta-posterior.ts';
import { normalPosterior } from '#stats/normal-posterior.ts';
import { proportionOf } from '../arm-value.ts';
import { effectOf } from '../compare.ts';
import type { GoalComparison } from '../document.ts';
import type { MomentsBook } from '../moments.ts';
import { missingBecause } from '../outcome.ts';
import type { ExperimentPlan } from '../plan.ts';
import type { Chances } from './document.ts';

/**
 * The chance that an arm is better, with no opinion beforehand (a uniform prior for shares, none for means), and the
 * expected loss of shipping it and of keeping control.
 */
export function chancesOf(plan: ExperimentPlan, book: MomentsBook, goals: readonly GoalComparison[]): Chances[] {
    return goals.map(({ metric, treatment: { variant } }) => {
        const arm = (name: string) => ({ variant: name, moments: book.pooled({ metric: metric.name, variant: name }) });
        const [control, treatment] = [arm(plan.control), arm(variant)];
        const units = [control.moments.count, treatment.moments.count];
        const effect = effectOf(metric, control, treatment, plan.alpha);
        const base = { metric, variant };
        if (metric.kind !== 'proportion' && effect.status !== 'ok') return { ...base, outcome: effect };
        const found =
            effect.status === 'ok' && metric.kind !== 'proportion'
                ? normalPosterior(
                      { mean: effect.contrast.difference, variance: effect.contrast.differenceVariance },
                      undefined,
                      plan.alpha,
                  )
                : units.includes(0)
                  ? ({ status: 'insufficient_n' } as const)
                  : compareBetas(proportionOf(control.moments), proportionOf(treatment.moments));
        if (found.status !== 'ok') return { ...base, outcome: missingBecause(found.status, metric, units) };
        const { chanceToWin, lossIfShipped, lossIfKept } = found;
        const outcome =
            metric.better === 'higher'
                ? { chanceToWin, lossIfShipped, lossIfKept }
                : { chanceToWin: 1 - chanceToWin, lossIfShipped: lossIfKept, lossIfKept: lossIfShipped };
        return { ...base, outcome: { status: 'ok', ...outcome } };
    });
}
