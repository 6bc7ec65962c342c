import { proportionTest } from '#stats/proportion.ts';
import type { ExposureFlags, SampleRatio, TrustCheck } from './document.ts';
import { formatCount, formatP, formatShare } from './format.ts';
import type { ExperimentPlan } from './plan.ts';
import type { ExposureRow } from './rows.ts';

/** Below this p-value a share of doubtful users differs between the arms by more than bad luck. */
const IMBALANCE_LIMIT = 0.001;

/** Counts of the users whose exposure is doubtful, over all arms and days. */
export function exposureFlags(rows: readonly ExposureRow[]): ExposureFlags {
    const all = rows.filter((row) => row.dimension === 'all');
    const sum = (read: (row: ExposureRow) => number) => all.reduce((total, row) => total + read(row), 0);
    return {
        units: sum((row) => row.units),
        exposedBeforeAssignment: sum((row) => row.exposedBeforeAssignment),
        windowCut: sum((row) => row.windowCut),
        severalVariants: sum((row) => row.severalVariants),
    };
}

/** All checks of the trust strip, in their fixed order. */
export function checkTrust(
    plan: ExperimentPlan,
    rows: readonly ExposureRow[],
    ratios: readonly SampleRatio[],
): TrustCheck[] {
    const flags = exposureFlags(rows);
    const [overall, ...segments] = ratios;
    const common = [
        sampleRatioCheck(plan, overall),
        segmentRatioCheck(segments),
        leakCheck(overall?.leakedUnits ?? 0, flags.units),
        severalVariantsCheck(plan, flags),
    ];
    // A table of units has no events: nothing is known of when its units were assigned or exposed.
    if (plan.looks.kind === 'once') return common;
    return [
        ...common,
        flagCheck(plan, rows, {
            id: 'exposed_before_assignment',
            label: 'Exposed after assignment',
            read: (row) => row.exposedBeforeAssignment,
            none: 'Every user was assigned before the first exposure.',
            some: 'saw the page before they were assigned to an arm; what they saw first was not decided by the experiment, which pulls the measured change towards zero.',
        }),
        flagCheck(plan, rows, {
            id: 'window_cut',
            label: 'Windows complete',
            read: (row) => row.windowCut,
            none: `Every user had the full ${plan.windowDays} days.`,
            some: `had not had their full ${plan.windowDays} days when the data end; what they did later is missing, in both arms.`,
        }),
        plannedSizeCheck(plan, flags.units),
    ];
}

function sampleRatioCheck(plan: ExperimentPlan, ratio: SampleRatio | undefined): TrustCheck {
    const base = { id: 'sample_ratio' as const, label: 'Users in the arms as planned' };
    if (ratio === undefined || ratio.result.status !== 'ok') {
        const why =
            ratio !== undefined && ratio.result.status !== 'ok' ? ratio.result.why : 'Nobody has been exposed yet.';
        return { ...base, level: 'not_checked', measured: 'not tested', detail: why };
    }
    const counts = ratio.arms.map((arm) => `${arm.variant} ${formatCount(arm.units)}`).join(', ');
    const expected = ratio.arms.map((arm) => formatCount(Math.round(arm.expected))).join(', ');
    const p = `p ${formatP(ratio.result.pValue)}`;
    const hint = plan.declared
        ? ''
        : ' The split was not declared, an equal one is assumed: declare it if another was meant.';
    const detail =
        ratio.level === 'ok'
            ? `The arms got the users they were to get (expected ${expected}; ${p}).${hint}`
            : `Sample ratio mismatch: ${counts} where ${expected} were expected (${p}). Users were lost or added on the way in one arm; find out where before reading any result.${hint}`;
    return { ...base, level: ratio.level, measured: `${counts}, ${p}`, detail };
}

function segmentRatioCheck(segments: readonly SampleRatio[]): TrustCheck {
    const base = { id: 'sample_ratio_segments' as const, label: 'As planned in every segment' };
    const tested = segments.filter((segment) => segment.result.status === 'ok');
    if (tested.length === 0) {
        return { ...base, level: 'not_checked', measured: 'no segments', detail: 'There are no segments to test.' };
    }
    const bad = tested.filter((segment) => segment.level !== 'ok');
    const worst =
        (['alert', 'caution'] as const).find((level) => bad.some((segment) => segment.level === level)) ?? 'ok';
    const names = bad.map((segment) => `${segment.dimension} ${segment.segment}`).join(', ');
    return {
        ...base,
        level: worst,
        measured: `${tested.length} segments tested, ${bad.length} off`,
        detail:
            bad.length === 0
                ? 'No segment got other shares than planned (corrected for their number).'
                : `Sample ratio mismatch inside ${names}: the assignment is not random there.`,
    };
}

function leakCheck(leaked: number, units: number): TrustCheck {
    return {
        id: 'leak',
        label: 'Only planned arms have users',
        level: leaked > 0 ? 'alert' : units === 0 ? 'not_checked' : 'ok',
        measured: `${formatCount(leaked)} users elsewhere`,
        detail:
            leaked > 0
                ? `${formatCount(leaked)} users are in arms the plan gives no traffic; the plan or the assignment is wrong.`
                : 'No user was found in an arm that was to get none.',
    };
}

function severalVariantsCheck(plan: ExperimentPlan, { severalVariants, units }: ExposureFlags): TrustCheck {
    const total = severalVariants + units;
    const share = total === 0 ? 0 : severalVariants / total;
    const isTooMany = share > plan.severalVariantsLimit;
    return {
        id: 'several_variants',
        label: 'One variant a user',
        level: total === 0 ? 'not_checked' : isTooMany ? 'alert' : severalVariants > 0 ? 'caution' : 'ok',
        measured: `${formatCount(severalVariants)} with several (${formatShare(share)})`,
        detail:
            severalVariants === 0
                ? 'No user was assigned to more than one variant.'
                : `${formatCount(severalVariants)} users (${formatShare(share)}) were assigned to several variants and are left out; up to ${formatShare(plan.severalVariantsLimit)} can be tolerated.`,
    };
}

interface Flag {
    readonly id: TrustCheck['id'];
    readonly label: string;
    readonly read: (row: ExposureRow) => number;
    readonly none: string;
    readonly some: string;
}

/** A flag blurs the result when both arms have it alike, and biases it when they do not. */
function flagCheck(plan: ExperimentPlan, rows: readonly ExposureRow[], flag: Flag): TrustCheck {
    const all = rows.filter((row) => row.dimension === 'all');
    const units = all.reduce((sum, row) => sum + row.units, 0);
    const flagged = all.reduce((sum, row) => sum + flag.read(row), 0);
    const base = { id: flag.id, label: flag.label };
    if (units === 0)
        return { ...base, level: 'not_checked', measured: 'no users yet', detail: 'Nobody has been exposed yet.' };
    if (flagged === 0) return { ...base, level: 'ok', measured: 'no exceptions', detail: flag.none };
    const measured = `${formatCount(flagged)} of ${formatCount(units)} users not (${formatShare(flagged / units)})`;
    const detail = `${formatCount(flagged)} of ${formatCount(units)} exposed users (${formatShare(flagged / units)}) ${flag.some}`;
    const p = imbalance(plan, all, flag.read);
    if (p === undefined || p >= IMBALANCE_LIMIT) return { ...base, level: 'caution', measured, detail };
    return {
        ...base,
        level: 'alert',
        measured,
        detail: `${detail} The share differs between the arms (p ${formatP(p)}), so the arms cannot be compared.`,
    };
}

/** The smallest p-value of "the flag is as frequent in this arm as in control". */
function imbalance(plan: ExperimentPlan, rows: readonly ExposureRow[], read: Flag['read']): number | undefined {
    const count = (variant: string) => {
        const own = rows.filter((row) => row.variant === variant);
        const trials = own.reduce((sum, row) => sum + row.units, 0);
        return {
            trials,
            successes: Math.min(
                trials,
                own.reduce((sum, row) => sum + read(row), 0),
            ),
        };
    };
    const control = count(plan.control);
    const pValues = plan.arms
        .filter((arm) => arm.variant !== plan.control)
        .map((arm) => proportionTest(control, count(arm.variant), plan.alpha))
        .flatMap((test) => (test.status === 'ok' ? [test.exactPValue ?? test.pValue] : []));
    return pValues.length === 0 ? undefined : Math.min(...pValues);
}

function plannedSizeCheck(plan: ExperimentPlan, units: number): TrustCheck {
    const base = { id: 'planned_size' as const, label: 'Planned size' };
    if (plan.plannedUnits === null) {
        return {
            ...base,
            level: 'not_checked',
            measured: `${formatCount(units)} users, none planned`,
            detail: 'Without a size fixed beforehand the plain p-value must not decide, because nobody knows how often it was looked at.',
        };
    }
    const isReached = units >= plan.plannedUnits;
    return {
        ...base,
        level: isReached ? 'ok' : 'caution',
        measured: `${formatCount(units)} of ${formatCount(plan.plannedUnits)} users`,
        detail: isReached
            ? 'The planned number of users is reached.'
            : 'The planned number of users is not reached yet; only the any-time p-value may decide.',
    };
}
