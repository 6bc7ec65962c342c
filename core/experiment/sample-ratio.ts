import { type ArmShare, srmTest } from '#stats/srm.ts';
import type { SampleRatio } from './document.ts';
import { missing } from './outcome.ts';
import type { ExperimentPlan } from './plan.ts';
import type { ExposureRow } from './rows.ts';

/** The sample-ratio test of all users, then one for every segment (corrected for their number). */
export function testSampleRatios(plan: ExperimentPlan, rows: readonly ExposureRow[]): SampleRatio[] {
    const groups = new Map<string, { dimension: string; segment: string; units: Map<string, number> }>();
    for (const { dimension, segment, variant, units } of rows) {
        const key = `${dimension.length} ${dimension} ${segment}`;
        const group = groups.get(key) ?? { dimension, segment, units: new Map<string, number>() };
        group.units.set(variant, (group.units.get(variant) ?? 0) + units);
        groups.set(key, group);
    }
    const wanted = ['all', ...plan.segments];
    const found = wanted.flatMap((dimension) =>
        [...groups.values()]
            .filter((group) => group.dimension === dimension)
            .sort((a, b) => (a.segment < b.segment ? -1 : 1)),
    );
    const segments = found.filter(({ dimension }) => dimension !== 'all').length;
    return found.map(({ dimension, segment, units }) =>
        testOne(plan, dimension, segment, units, dimension === 'all' ? 1 : segments),
    );
}

function testOne(
    plan: ExperimentPlan,
    dimension: string,
    segment: string,
    units: ReadonlyMap<string, number>,
    tests: number,
): SampleRatio {
    const arms: (ArmShare & { variant: string })[] = plan.arms.map(({ variant, weight }) => ({
        variant,
        weight,
        count: units.get(variant) ?? 0,
    }));
    const result = srmTest(arms, tests);
    const named = arms.map(({ variant, count }, index) => ({
        variant,
        units: count,
        expected: result.status === 'ok' ? result.expected[index]! : 0,
    }));
    if (result.status !== 'ok') {
        const why =
            result.status === 'insufficient_n'
                ? missing('no_units', 'Nobody has been exposed yet.')
                : missing('not_applicable', 'Needs two arms that are to get traffic.');
        const unplanned = arms.filter(({ weight }) => !(weight > 0));
        const leakedUnits = unplanned.reduce((sum, { count }) => sum + count, 0);
        return { dimension, segment, arms: named, level: 'not_checked', result: why, leakedUnits };
    }
    return {
        dimension,
        segment,
        arms: named,
        level: result.verdict,
        result: {
            status: 'ok',
            chiSquare: result.chiSquare,
            degreesOfFreedom: result.degreesOfFreedom,
            pValue: result.pValue,
            adjustedPValue: Math.min(1, result.pValue * tests),
        },
        leakedUnits: result.leak,
    };
}
