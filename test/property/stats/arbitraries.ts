import fc from 'fast-check';
import type { Proportion } from '#stats/estimate.ts';
import { type JointMoments, jointMomentsOf } from '#stats/joint-moments.ts';
import { type Moments, momentsOf } from '#stats/moments.ts';

/** Two-sided levels in use, and stricter ones. */
export const level = fc.constantFrom(0.2, 0.1, 0.05, 0.01, 0.001, 1e-6);

/** A rate of up to a million units, successes anywhere from none to all. */
export const proportion: fc.Arbitrary<Proportion> = fc
    .tuple(
        fc.oneof(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 1_000_000 })),
        fc.double({ min: 0, max: 1, noNaN: true }),
    )
    .map(([trials, share]) => ({ successes: Math.round(share * trials), trials }));

/** Values like those of metrics: of moderate size, some equal. */
export const value = fc.oneof(
    fc.integer({ min: -50, max: 50 }),
    fc.double({ min: -1000, max: 1000, noNaN: true, noDefaultInfinity: true }),
);

export const moments: fc.Arbitrary<Moments> = fc.array(value, { minLength: 2, maxLength: 30 }).map(momentsOf);

export const jointMoments: fc.Arbitrary<JointMoments> = fc
    .array(fc.record({ x: value, y: value }), { minLength: 2, maxLength: 30 })
    .map(jointMomentsOf);

/** Any number a broken query could return. */
export const wildNumber = fc.oneof(
    fc.double(),
    fc.integer(),
    fc.constantFrom(
        0,
        -0,
        1,
        2,
        0.5,
        -1,
        1e308,
        -1e308,
        5e-324,
        Number.NaN,
        Number.POSITIVE_INFINITY,
        Number.NEGATIVE_INFINITY,
    ),
    fc.nat({ max: 100 }),
);
