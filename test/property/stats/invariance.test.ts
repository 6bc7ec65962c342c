import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareBetas } from '#stats/beta-posterior.ts';
import { fisherExact } from '#stats/fisher.ts';
import { jointMomentsOf, mergeJointMoments } from '#stats/joint-moments.ts';
import { type Moments, mergeMoments, momentsOf } from '#stats/moments.ts';
import { benjaminiHochberg, holm } from '#stats/multiplicity.ts';
import { newcombeInterval } from '#stats/newcombe.ts';
import { proportionTest } from '#stats/proportion.ts';
import { compareProportions } from '#stats/proportions.ts';
import { srmTest } from '#stats/srm.ts';
import { compareMeans } from '#stats/welch.ts';
import { wilsonInterval } from '#stats/wilson.ts';
import { level, moments, proportion, value } from './arbitraries.ts';

const close = (a: number, b: number, scale = 1): boolean =>
    Math.abs(a - b) <= 1e-9 * (Math.abs(a) + Math.abs(b) + scale);

describe('moments', () => {
    const OFFSET = 1e9;
    const group = fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { maxLength: 20 });
    const shifted = (values: readonly number[]): Moments => momentsOf(values.map((x) => x + OFFSET));
    const same = (a: Moments, b: Moments): boolean =>
        a.count === b.count && Math.abs(a.mean - b.mean) < 1e-6 && Math.abs(a.m2 - b.m2) < 1e-4 * (1 + a.m2);

    it('merge in any grouping and order to the moments of all values, at an offset of 1e9', () => {
        fc.assert(
            fc.property(group, group, group, (a, b, c) => {
                const [x, y, z] = [shifted(a), shifted(b), shifted(c)];
                const whole = shifted([...a, ...b, ...c]);
                const left = mergeMoments(mergeMoments(x, y), z);
                const right = mergeMoments(x, mergeMoments(y, z));
                return same(left, right) && same(left, mergeMoments(z, mergeMoments(y, x))) && same(left, whole);
            }),
            { numRuns: 1000 },
        );
    });

    it('do not see the offset in the sum of squared deviations', () => {
        fc.assert(fc.property(group, (a) => Math.abs(shifted(a).m2 - momentsOf(a).m2) < 1e-4 * (1 + momentsOf(a).m2)));
    });

    it('of pairs merge likewise', () => {
        const pairs = fc.array(fc.record({ x: value, y: value }), { maxLength: 20 });
        fc.assert(
            fc.property(pairs, pairs, (a, b) => {
                const merged = mergeJointMoments(jointMomentsOf(a), jointMomentsOf(b));
                const whole = jointMomentsOf([...a, ...b]);
                return close(merged.comoment, whole.comoment, 1e6) && close(merged.m2X, whole.m2X, 1e6);
            }),
        );
    });
});

describe('swapping the arms', () => {
    it('turns the sign of a rate difference and nothing else', () => {
        fc.assert(
            fc.property(proportion, proportion, level, (c, t, alpha) => {
                const [a, b] = [compareProportions(c, t, alpha), compareProportions(t, c, alpha)];
                if (a.status !== 'ok' || b.status !== 'ok') return a.status === b.status;
                return (
                    close(a.pValue, b.pValue) &&
                    close(a.difference, -b.difference) &&
                    close(a.interval.lower, -b.interval.upper) &&
                    close(a.newcombeInterval.lower, -b.newcombeInterval.upper)
                );
            }),
            { numRuns: 500 },
        );
    });

    it('inverts the lift interval of rates', () => {
        fc.assert(
            fc.property(proportion, proportion, (c, t) => {
                const [a, b] = [compareProportions(c, t, 0.05), compareProportions(t, c, 0.05)];
                if (a.status !== 'ok' || b.status !== 'ok' || a.lift.status !== 'ok' || b.lift.status !== 'ok')
                    return true;
                return close((1 + a.lift.upper) * (1 + b.lift.lower), 1);
            }),
            { numRuns: 500 },
        );
    });

    it('turns the sign of a mean difference and nothing else', () => {
        fc.assert(
            fc.property(moments, moments, level, (c, t, alpha) => {
                const [a, b] = [compareMeans(c, t, alpha), compareMeans(t, c, alpha)];
                if (a.status !== 'ok' || b.status !== 'ok') return a.status === b.status;
                return close(a.pValue, b.pValue) && close(a.interval.lower, -b.interval.upper, 1);
            }),
        );
    });

    it('turns the chance to win into its complement', () => {
        fc.assert(
            fc.property(proportion, proportion, (c, t) => {
                const [a, b] = [compareBetas(c, t), compareBetas(t, c)];
                if (a.status !== 'ok' || b.status !== 'ok') return false;
                return close(a.chanceToWin + b.chanceToWin, 1) && close(a.lossIfShipped, b.lossIfKept);
            }),
            { numRuns: 60 },
        );
    });

    it('leaves Fisher’s p value alone', () => {
        const small = fc
            .tuple(fc.nat(40), fc.nat(40))
            .map(([a, b]) => ({ successes: Math.min(a, b), trials: Math.max(a, b) }));
        fc.assert(
            fc.property(small, small, (c, t) => {
                const [a, b] = [fisherExact(c, t), fisherExact(t, c)];
                return a.status === 'ok' && b.status === 'ok' && close(a.pValue, b.pValue);
            }),
        );
    });
});

describe('counting failures instead of successes', () => {
    const failures = ({ successes, trials }: { successes: number; trials: number }) => ({
        successes: trials - successes,
        trials,
    });

    it('turns the sign of the difference and keeps p', () => {
        fc.assert(
            fc.property(proportion, proportion, (c, t) => {
                const [a, b] = [compareProportions(c, t, 0.05), compareProportions(failures(c), failures(t), 0.05)];
                if (a.status !== 'ok' || b.status !== 'ok') return a.status === b.status;
                return close(a.pValue, b.pValue) && close(a.interval.lower, -b.interval.upper);
            }),
            { numRuns: 500 },
        );
    });

    it('mirrors Wilson’s interval', () => {
        fc.assert(
            fc.property(proportion, level, (p, alpha) => {
                const [a, b] = [wilsonInterval(p, alpha), wilsonInterval(failures(p), alpha)];
                return (
                    a.status === 'ok' && b.status === 'ok' && close(a.lower, 1 - b.upper) && close(a.upper, 1 - b.lower)
                );
            }),
        );
    });
});

describe('changing the unit of a metric', () => {
    it('keeps p and lift and scales the difference', () => {
        const factor = fc.constantFrom(1e-6, 0.01, 3, 1e5);
        fc.assert(
            fc.property(moments, moments, factor, (c, t, k) => {
                const scaled = (m: Moments): Moments => ({ count: m.count, mean: m.mean * k, m2: m.m2 * k * k });
                const [a, b] = [compareMeans(c, t, 0.05), compareMeans(scaled(c), scaled(t), 0.05)];
                if (a.status !== 'ok' || b.status !== 'ok') return a.status === b.status;
                const isLiftKept =
                    a.lift.status !== 'ok' || b.lift.status !== 'ok' || close(a.lift.upper, b.lift.upper);
                return close(a.pValue, b.pValue) && close(a.interval.upper * k, b.interval.upper, k) && isLiftKept;
            }),
        );
    });
});

describe('intervals', () => {
    it('of rates contain the estimate and stay on the scale', () => {
        fc.assert(
            fc.property(proportion, proportion, level, (c, t, alpha) => {
                const difference = t.successes / t.trials - c.successes / c.trials;
                const newcombe = newcombeInterval(c, t, alpha);
                const wilson = wilsonInterval(c, alpha);
                if (newcombe.status !== 'ok' || wilson.status !== 'ok') return false;
                const rate = c.successes / c.trials;
                return (
                    newcombe.lower >= -1 - 1e-12 &&
                    newcombe.upper <= 1 + 1e-12 &&
                    newcombe.lower <= difference &&
                    difference <= newcombe.upper &&
                    wilson.lower >= 0 &&
                    wilson.upper <= 1 &&
                    wilson.lower <= rate + 1e-12 &&
                    rate <= wilson.upper + 1e-12
                );
            }),
            { numRuns: 1000 },
        );
    });

    it('widen as the level falls', () => {
        fc.assert(
            fc.property(proportion, proportion, (c, t) => {
                const [wide, narrow] = [compareProportions(c, t, 0.01), compareProportions(c, t, 0.1)];
                if (wide.status !== 'ok' || narrow.status !== 'ok') return true;
                return wide.interval.lower <= narrow.interval.lower && narrow.interval.upper <= wide.interval.upper;
            }),
            { numRuns: 300 },
        );
    });
});

describe('z squared', () => {
    it('is Pearson’s chi-square of the four cells', () => {
        fc.assert(
            fc.property(proportion, proportion, (c, t) => {
                const test = proportionTest(c, t, 0.05);
                if (test.status !== 'ok') return true;
                const total = c.trials + t.trials;
                const columns = [c.successes + t.successes, total - c.successes - t.successes];
                const chiSquare = [c, t].reduce((sum, { successes, trials }) => {
                    return [successes, trials - successes].reduce((part, cell, i) => {
                        const expected = (trials * columns[i]!) / total;
                        return part + (cell - expected) ** 2 / expected;
                    }, sum);
                }, 0);
                return Math.abs(test.z ** 2 - chiSquare) <= 1e-6 * (1 + chiSquare);
            }),
        );
    });
});

describe('adjusted p values', () => {
    const pValues = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 });

    it('never fall below the raw ones, and Benjamini-Hochberg’s never exceed Holm’s', () => {
        fc.assert(
            fc.property(pValues, (raw) => {
                const [a, b] = [holm(raw), benjaminiHochberg(raw)];
                if (a.status !== 'ok' || b.status !== 'ok') return false;
                return raw.every((p, i) => {
                    const [strict, lenient] = [a.adjusted[i]!, b.adjusted[i]!];
                    return p <= lenient * (1 + 1e-12) && lenient <= strict * (1 + 1e-12) && strict <= 1;
                });
            }),
        );
    });

    it('follow their p values when these are listed in another order', () => {
        fc.assert(
            fc.property(pValues, (raw) => {
                const reversed = [...raw].reverse();
                for (const adjust of [holm, benjaminiHochberg]) {
                    const [a, b] = [adjust(raw), adjust(reversed)];
                    if (a.status !== 'ok' || b.status !== 'ok') return false;
                    expect([...b.adjusted].reverse()).toEqual(a.adjusted);
                }
                return true;
            }),
        );
    });
});

describe('sample ratio', () => {
    it('does not depend on the unit of the weights or the order of the arms', () => {
        const arm = fc.record({ count: fc.nat(100_000), weight: fc.integer({ min: 1, max: 100 }) });
        fc.assert(
            fc.property(fc.array(arm, { minLength: 2, maxLength: 5 }), (arms) => {
                const a = srmTest(arms);
                const b = srmTest([...arms].reverse().map(({ count, weight }) => ({ count, weight: weight / 7 })));
                if (a.status !== 'ok' || b.status !== 'ok') return a.status === b.status;
                return close(a.chiSquare, b.chiSquare);
            }),
        );
    });
});
