import { contrastOf } from '#stats/contrast.ts';
import { proportionEstimate } from '#stats/estimate.ts';
import { groupSequentialBounds } from '#stats/group-sequential.ts';
import { normalCritical } from '#stats/numerics/normal.ts';
import { runningTest } from '#stats/running-test.ts';
import { binomial, uniformStream } from './random.ts';
import { percent, type SimulationTable } from './table.ts';

const ALPHA = 0.05;
const LOOKS = 20;
const UNITS_A_LOOK = 500;

/** Twenty looks at two arms alike: how often somebody who stops at the first claim claims one. */
export function simulatePeeking(runs: number): SimulationTable {
    const plan = { alpha: ALPHA, plannedUnits: 2 * LOOKS * UNITS_A_LOOK };
    const bounds = groupSequentialBounds(
        Array.from({ length: LOOKS }, (_, look) => (look + 1) / LOOKS),
        ALPHA,
    );
    const fixed = normalCritical(ALPHA);
    const uniform = uniformStream(8_675_309);
    const claims = { fixed: 0, sequential: 0, anytime: 0 };
    for (let run = 0; run < runs; run++) {
        let [control, treatment] = [0, 0];
        const looks = Array.from({ length: LOOKS }, (_, look) => {
            control += binomial(uniform, UNITS_A_LOOK, 0.05);
            treatment += binomial(uniform, UNITS_A_LOOK, 0.05);
            const trials = (look + 1) * UNITS_A_LOOK;
            const [c, t] = [control, treatment].map((successes) => proportionEstimate({ successes, trials }));
            if (c?.status !== 'ok' || t?.status !== 'ok') throw new Error('a share of counts has an estimate');
            return { contrast: contrastOf(c, t), units: 2 * trials };
        });
        const z = looks.map(({ contrast }) =>
            contrast.differenceVariance > 0
                ? Math.abs(contrast.difference) / Math.sqrt(contrast.differenceVariance)
                : 0,
        );
        if (z.some((value) => value > fixed)) claims.fixed++;
        if (bounds.status === 'ok' && z.some((value, look) => value > bounds.looks[look]!.critical))
            claims.sequential++;
        if (runningTest(looks, plan).pValue < ALPHA) claims.anytime++;
    }
    return {
        title: `Looking twenty times at nothing: ${runs.toLocaleString('en-US')} runs, 500 users an arm and look, share 5% (asked: any-time at most 6.5%)`,
        head: ['read at every look', 'ever claims an effect'],
        rows: [
            ['plain p below 0.05', percent(claims.fixed / runs)],
            ['planned looks (Lan and DeMets)', percent(claims.sequential / runs)],
            ['any-time p below 0.05', percent(claims.anytime / runs)],
        ],
    };
}
