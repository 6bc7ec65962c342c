import { mergeCovarianceMoments } from '#stats/covariance-moments.ts';
import { cupedComparison } from '#stats/cuped.ts';
import { type JointMoments, mergeJointMoments, NO_JOINT_MOMENTS } from '#stats/joint-moments.ts';
import { ratioCupedComparison } from '#stats/ratio-cuped.ts';
import type { GoalComparison } from '../document.ts';
import { formatShare } from '../format.ts';
import { missing, missingBecause } from '../outcome.ts';
import { treatmentsOf } from '../plan.ts';
import type { Reading } from './document.ts';
import { outcomeOf, type ReadingTerms } from './reading-of.ts';
import type { BeforeRow } from './rows.ts';

/** A goal with what was known of its users before taken into account; undefined where nothing was read for it. */
export function cupedReading(
    terms: ReadingTerms,
    before: readonly BeforeRow[],
    { metric, treatment }: GoalComparison,
): Reading | undefined {
    const { plan } = terms;
    if (!plan.covariates.includes(metric.name)) return undefined;
    const [control, treated] = [plan.control, treatment.variant].map((variant) =>
        before.filter((row) => row.metric === metric.name && row.variant === variant),
    ) as [BeforeRow[], BeforeRow[]];
    const units = [control, treated].map((rows) => rows.reduce((sum, { moments }) => sum + moments.count, 0));
    if (units.every((count) => count === 0)) return undefined;
    const options = { alpha: plan.alpha, tests: plan.covariates.length * treatmentsOf(plan).length };
    const found =
        metric.kind === 'ratio'
            ? ratioCupedComparison(merged(control), merged(treated), options)
            : cupedComparison(joint(control), joint(treated), options);
    const name = [...control, ...treated].find(({ covariate }) => covariate !== undefined)?.covariate;
    if (found.status !== 'ok') {
        const why =
            found.status === 'zero_covariate_variance'
                ? missing('no_variation', nothingWords(name))
                : missingBecause(found.status, metric, units);
        return { kind: 'cuped', outcome: why, varianceReduction: null, note: why.why, flags: [] };
    }
    const explained = formatShare(found.correlation ** 2);
    return {
        kind: 'cuped',
        outcome: outcomeOf(
            terms,
            metric,
            found,
            units.reduce((sum, count) => sum + count, 0),
        ),
        varianceReduction: found.varianceReduction,
        note: `${name ?? 'The 30 days before exposure'} ${name === undefined ? 'explain' : 'explains'} ${explained} of the spread (slope ${found.theta.control.toPrecision(3)}).`,
        flags: found.warnings,
    };
}

/** The joint moments of a metric and its covariate, over all days. */
export function beforeMoments(rows: readonly BeforeRow[], metric: string, variant: string): JointMoments {
    return joint(rows.filter((row) => row.metric === metric && row.variant === variant));
}

function joint(rows: readonly BeforeRow[]): JointMoments {
    return rows.reduce((sum, { moments }) => mergeJointMoments(sum, moments), NO_JOINT_MOMENTS);
}

function merged(rows: readonly BeforeRow[]) {
    const none = { count: 0, means: [0, 0, 0, 0], comoments: [0, 1, 2, 3].map(() => [0, 0, 0, 0]) };
    return rows.flatMap(({ ratio }) => ratio ?? []).reduce(mergeCovarianceMoments, none);
}

function nothingWords(name: string | undefined): string {
    return name === undefined
        ? 'Nobody has any of it in the 30 days before exposure, so there is nothing to adjust for.'
        : `${name} is the same for everybody, so there is nothing to adjust for.`;
}
