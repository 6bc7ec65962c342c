import type { CovarianceMoments } from '#stats/covariance-moments.ts';
import { type JointMoments, marginalX } from '#stats/joint-moments.ts';
import { compareMeans, compareRatios } from '#stats/welch.ts';
import type { ExperimentAnalysis, TrustCheck } from './document.ts';
import { formatCount, formatP } from './format.ts';
import { metricOf } from './metrics.ts';
import { type ExperimentPlan, treatmentsOf } from './plan.ts';
import { beforeMoments } from './readings/cuped.ts';
import type { SampleRatioOverTime } from './readings/document.ts';
import type { BeforeRow } from './readings/rows.ts';

const ALERT = 0.001;
const CAUTION = 0.01;

/** The split and the calendar as time went by. A table of units has no time. */
export function checkTime(
    plan: ExperimentPlan,
    ratio: SampleRatioOverTime,
    period: ExperimentAnalysis['period'],
    units: number,
): TrustCheck[] {
    if (plan.looks.kind === 'once') return [];
    return [sequentialCheck(ratio), dailyCheck(ratio), datesCheck(plan, period), frozenCheck(plan), unmeasured(units)];
}

function sequentialCheck({ sequential }: SampleRatioOverTime): TrustCheck {
    const base = { id: 'sample_ratio_sequential' as const, label: 'As planned at every look' };
    if (sequential.status !== 'ok') {
        return { ...base, level: 'not_checked', measured: 'not tested', detail: sequential.why };
    }
    const { pValue } = sequential;
    const level = pValue < ALERT ? 'alert' : pValue < CAUTION ? 'caution' : 'ok';
    return {
        ...base,
        level,
        measured: `p ${formatP(pValue)}, any time`,
        detail:
            level === 'ok'
                ? 'A test that is right however often one looks finds no other split than the planned one.'
                : 'A test that is right however often one looks finds another split than the planned one, at some look so far.',
    };
}

function dailyCheck({ daysTested, daysOff }: SampleRatioOverTime): TrustCheck {
    const base = { id: 'sample_ratio_daily' as const, label: 'As planned on every day' };
    if (daysTested === 0) {
        const detail = 'No day has enough users for a test of its own.';
        return { ...base, level: 'not_checked', measured: 'no day tested', detail };
    }
    const names = daysOff
        .slice(0, 5)
        .map(({ exposedOn, pValue }) => `${exposedOn} (p ${formatP(pValue)})`)
        .join(', ');
    return {
        ...base,
        level: daysOff.length > 0 ? 'caution' : 'ok',
        measured: `${formatCount(daysTested)} ${daysTested === 1 ? 'day' : 'days'} tested, ${formatCount(daysOff.length)} off`,
        detail:
            daysOff.length === 0
                ? 'No single day got other shares than planned (corrected for their number).'
                : `Other shares than planned on ${names}: look for an outage or a release on those days.`,
    };
}

function datesCheck({ startsOn, endsOn }: ExperimentPlan, { from, to }: ExperimentAnalysis['period']): TrustCheck {
    const base = { id: 'planned_dates' as const, label: 'Exposed on planned days' };
    if (startsOn === null || endsOn === null || from === null || to === null) {
        const detail = startsOn === null ? 'No days were planned.' : 'Nobody has been exposed yet.';
        return { ...base, level: 'not_checked', measured: 'not checked', detail };
    }
    const isEarly = from < startsOn;
    const isLate = to > endsOn;
    const measured = `${from} to ${to}, planned ${startsOn} to ${endsOn}`;
    if (!isEarly && !isLate)
        return { ...base, level: 'ok', measured, detail: 'All exposures lie in the planned days.' };
    const when = isEarly && isLate ? 'before and after' : isEarly ? 'before' : 'after';
    const detail = `Users were exposed ${when} the planned days. They are counted; a start or an end moved after a look at the result makes the fixed-size test too optimistic.`;
    return { ...base, level: 'caution', measured, detail };
}

function frozenCheck({ declared, frozenAt, deviations }: ExperimentPlan): TrustCheck {
    const base = { id: 'plan_frozen' as const, label: 'Plan as it was at the start' };
    if (!declared) {
        const detail = 'Nobody declared a plan, so nothing was decided before the result was seen.';
        return { ...base, level: 'not_checked', measured: 'no plan', detail };
    }
    if (frozenAt === null) {
        const detail = 'The plan is frozen on its first day, or when the first user is exposed.';
        return { ...base, level: 'ok', measured: 'not frozen yet', detail };
    }
    const places = deviations.map(({ place }) => place).join(', ');
    return {
        ...base,
        level: deviations.length > 0 ? 'caution' : 'ok',
        measured: deviations.length === 0 ? `frozen ${frozenAt.slice(0, 10)}` : `${deviations.length} changed since`,
        detail:
            deviations.length === 0
                ? 'The plan file says what it said when the experiment started.'
                : `The plan file was changed after the start (${places}). The page goes by the plan of the start.`,
    };
}

/** What a reader may look for and the events do not carry. */
function unmeasured(units: number): TrustCheck {
    return {
        id: 'bots',
        label: 'Share of machines, page times',
        level: 'not_checked',
        measured: 'not measured',
        detail: `The events do not say which of the ${formatCount(units)} users are machines: assigned ones are counted like people. Nor do they say how long pages took, so the 90th percentile of page time is no guardrail here.`,
    };
}

/** Did the arms differ before anybody was exposed? Then the assignment is not random, whatever came after. */
export function checkBefore(plan: ExperimentPlan, before: readonly BeforeRow[]): TrustCheck[] {
    if (before.length === 0) return [];
    const tests = plan.covariates.flatMap((metric) =>
        treatmentsOf(plan).flatMap((variant) => {
            const found = compareBefore(plan, before, metric, variant);
            return found.status === 'ok' ? [{ metric, variant, pValue: found.pValue }] : [];
        }),
    );
    const base = { id: 'pre_exposure_bias' as const, label: 'Alike before exposure' };
    if (tests.length === 0) {
        const detail = 'Nobody has any of these in the 30 days before exposure, so the arms cannot be compared there.';
        return [{ ...base, level: 'not_checked', measured: 'nothing before', detail }];
    }
    const worst = tests.reduce((a, b) => (b.pValue < a.pValue ? b : a));
    const level =
        worst.pValue < ALERT / tests.length ? 'alert' : worst.pValue < CAUTION / tests.length ? 'caution' : 'ok';
    const covariate = before.find((row) => row.metric === worst.metric)?.covariate;
    const name = covariate ?? metricOf(plan, worst.metric).label.toLowerCase();
    const time = covariate === undefined ? 'Over the 30 days before exposure' : 'Before the experiment';
    return [
        {
            ...base,
            level,
            measured: `${tests.length} ${tests.length === 1 ? 'comparison' : 'comparisons'}, smallest p ${formatP(worst.pValue)}`,
            detail:
                level === 'ok'
                    ? `${time} the arms did the same (corrected for the number of comparisons).`
                    : `The arms differed in ${name} before ${worst.variant} could make a difference (p ${formatP(worst.pValue)}): the assignment is not random, or users were lost on the way.`,
        },
    ];
}

/** The covariate of an arm against that of control, as it was before. */
function compareBefore(plan: ExperimentPlan, before: readonly BeforeRow[], metric: string, variant: string) {
    const arms = [plan.control, variant];
    const ratios = arms.flatMap(
        (arm) => before.find((row) => row.metric === metric && row.variant === arm)?.ratio ?? [],
    );
    if (ratios.length === 2) {
        const [control, treated] = ratios.map(covariateRatio);
        return compareRatios(control!, treated!, plan.alpha);
    }
    const [control, treated] = arms.map((arm) => marginalX(beforeMoments(before, metric, arm)));
    return compareMeans(control!, treated!, plan.alpha);
}

/** The last two of the four variables: what was counted before, and what it is divided by. */
function covariateRatio({ count, means, comoments }: CovarianceMoments): JointMoments {
    return {
        count,
        meanY: means[2]!,
        m2Y: comoments[2]![2]!,
        meanX: means[3]!,
        m2X: comoments[3]![3]!,
        comoment: comoments[2]![3]!,
    };
}
