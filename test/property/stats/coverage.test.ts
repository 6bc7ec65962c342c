import { describe, expect, it } from 'vitest';
import type { AnytimePlan, Look } from '#stats/anytime.ts';
import { contrastOf } from '#stats/contrast.ts';
import { proportionEstimate } from '#stats/estimate.ts';
import { deltaLift, type Lift } from '#stats/lift.ts';
import { lnGamma } from '#stats/numerics/gamma.ts';
import { normalCritical, normalQuantile } from '#stats/numerics/normal.ts';
import { runningTest } from '#stats/running-test.ts';
import { scoreLift } from '#stats/score-ratio.ts';

const CRITICAL = normalCritical(0.05);

/** The probability of x successes among n at rate p. */
const binomial = (x: number, n: number, p: number): number =>
    Math.exp(lnGamma(n + 1) - lnGamma(x + 1) - lnGamma(n - x + 1) + x * Math.log(p) + (n - x) * Math.log1p(-p));

/** Exact probabilities that an interval lies wholly above or below zero although both arms have the same rate. */
function misses(rate: number, n: number, interval: (control: number, treatment: number) => Lift) {
    let [above, below] = [0, 0];
    const counts = Array.from({ length: 90 }, (_, x) => ({ x, weight: binomial(x, n, rate) })).filter(
        ({ weight }) => weight > 1e-7,
    );
    for (const c of counts) {
        for (const t of counts) {
            const lift = interval(c.x, t.x);
            if (lift.status !== 'ok') continue;
            if (lift.lower > 0) above += c.weight * t.weight;
            if (lift.upper < 0) below += c.weight * t.weight;
        }
    }
    return { above, below };
}

describe('A/A experiments at a rate of 3 % and 1,500 users an arm, all outcomes', () => {
    it('are called wrong 2.5 % of the time on each side by the score interval of the lift', () => {
        const { above, below } = misses(0.03, 1500, (c, t) =>
            scoreLift({ successes: c, trials: 1500 }, { successes: t, trials: 1500 }, CRITICAL),
        );

        expect(above).toBeCloseTo(0.025, 2);
        expect(below).toBeCloseTo(above, 9);
    });

    it('are called wrong ten times as often on one side as on the other by the delta method', () => {
        const estimate = (successes: number) => {
            const result = proportionEstimate({ successes, trials: 1500 });
            if (result.status !== 'ok') throw new Error(result.status);
            return result;
        };

        const { above, below } = misses(0.03, 1500, (c, t) => deltaLift(estimate(c), estimate(t), CRITICAL));

        expect(Math.max(above, below)).toBeCloseTo(0.05, 2);
        expect(Math.min(above, below)).toBeCloseTo(0.005, 2);
    });
});

describe('looking every day', () => {
    /** A small generator with a seed (Park & Miller 1988): the same experiments every time. */
    function* uniforms(seed: number): Generator<number, never> {
        for (let state = seed; ; ) {
            state = (state * 48_271) % 2_147_483_647;
            yield state / 2_147_483_647;
        }
    }

    const PLAN: AnytimePlan = { alpha: 0.05, plannedUnits: 4000 };

    /** Forty looks at an experiment without effect, 100 new units of variance 1 in each arm before each. */
    function lookDaily(random: Generator<number, never>): Look[] {
        let [control, treatment] = [0, 0];
        return Array.from({ length: 40 }, (_, day) => {
            control += 10 * normalQuantile(random.next().value);
            treatment += 10 * normalQuantile(random.next().value);
            const n = 100 * (day + 1);
            const arm = (sum: number) => ({ value: 5 + sum / n, variance: 1 / n, count: n });
            return { contrast: contrastOf(arm(control), arm(treatment)), units: 2 * n };
        });
    }

    it('finds an effect that is not there in at most 5 % of experiments by the anytime p value', () => {
        const random = uniforms(20_240_601);
        const runs = 1000;
        let [anytime, peeking] = [0, 0];
        for (let run = 0; run < runs; run++) {
            const looks = lookDaily(random);
            if (runningTest(looks, PLAN).pValue < 0.05) anytime += 1;
            const isSignificant = ({ contrast }: Look): boolean =>
                Math.abs(contrast.difference) > CRITICAL * Math.sqrt(contrast.differenceVariance);
            if (looks.some(isSignificant)) peeking += 1;
        }

        expect(anytime / runs).toBeLessThan(0.05);
        // The fixed-horizon test, read daily, is wrong about one time in three.
        expect(peeking / runs).toBeGreaterThan(0.25);
    });
});
