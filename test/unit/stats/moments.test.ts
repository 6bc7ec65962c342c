import { describe, expect, it } from 'vitest';
import {
    areJointMoments,
    jointMomentsFrom,
    jointMomentsOf,
    marginalX,
    marginalY,
    mergeJointMoments,
    NO_JOINT_MOMENTS,
    sampleCovariance,
} from '#stats/joint-moments.ts';
import {
    areMoments,
    mergeMoments,
    momentsFromVariance,
    momentsOf,
    NO_MOMENTS,
    sampleVariance,
} from '#stats/moments.ts';

describe('moments', () => {
    it('reproduces the variance of NIST’s NumAcc4, which raw sums of squares lose (mean 10000000.2, sd 0.1)', () => {
        const values = [10000000.2];
        for (let i = 0; i < 500; i++) values.push(10000000.1, 10000000.3);

        const moments = momentsOf(values);

        expect(moments.mean).toBeCloseTo(10000000.2, 7);
        expect(Math.sqrt(sampleVariance(moments))).toBeCloseTo(0.1, 8);
    });

    it('merges parts to the moments of the whole', () => {
        const merged = mergeMoments(momentsOf([1, 2]), momentsOf([4, 5, 9]));

        expect(merged.count).toBe(5);
        expect(merged.mean).toBeCloseTo(4.2, 14);
        expect(merged.m2).toBeCloseTo(38.8, 13);
    });

    it('leaves moments alone when nothing is merged in', () => {
        const moments = momentsOf([3, 8]);

        expect(mergeMoments(moments, NO_MOMENTS)).toBe(moments);
        expect(mergeMoments(NO_MOMENTS, moments)).toBe(moments);
    });

    it('rebuilds m2 from what SQL engines return, null variance of a single row included', () => {
        expect(momentsFromVariance(3, 2, 1)).toEqual({ count: 3, mean: 2, m2: 2 });
        expect(momentsFromVariance(1, 2, null)).toEqual({ count: 1, mean: 2, m2: 0 });
        expect(momentsFromVariance(0, Number.NaN, null)).toEqual(NO_MOMENTS);
    });

    it('has no variance below two values', () => {
        expect(sampleVariance(momentsOf([5]))).toBe(0);
        expect(sampleVariance(momentsOf([5, 7]))).toBe(2);
        expect(momentsFromVariance(2, 6, 2)).toEqual(momentsOf([5, 7]));
    });

    it.each([
        { count: 1.5, mean: 0, m2: 0 },
        { count: -1, mean: 0, m2: 0 },
        { count: 2, mean: Number.NaN, m2: 0 },
        { count: 2, mean: 0, m2: -1 },
        { count: 2, mean: 0, m2: Number.POSITIVE_INFINITY },
    ])('does not take %j for moments', (moments) => {
        expect(areMoments(moments)).toBe(false);
    });
});

describe('joint moments', () => {
    // Anscombe's first quartet (Am. Stat. 27, 1973): means 9 and 7.50, variances 11 and 4.127, covariance 5.501.
    const anscombe = [
        [10, 8.04],
        [8, 6.95],
        [13, 7.58],
        [9, 8.81],
        [11, 8.33],
        [14, 9.96],
        [6, 7.24],
        [4, 4.26],
        [12, 10.84],
        [7, 4.82],
        [5, 5.68],
    ].map(([x, y]) => ({ x: x!, y: y! }));

    it('gives Anscombe’s published summary', () => {
        const joint = jointMomentsOf(anscombe);

        expect(joint.meanX).toBeCloseTo(9, 12);
        expect(joint.meanY).toBeCloseTo(7.5, 2);
        expect(sampleVariance(marginalX(joint))).toBeCloseTo(11, 12);
        expect(sampleVariance(marginalY(joint))).toBeCloseTo(4.127, 3);
        expect(sampleCovariance(joint)).toBeCloseTo(5.501, 3);
    });

    it('merges parts to the joint moments of the whole', () => {
        const merged = mergeJointMoments(jointMomentsOf(anscombe.slice(0, 4)), jointMomentsOf(anscombe.slice(4)));
        const whole = jointMomentsOf(anscombe);

        expect(merged.count).toBe(11);
        for (const key of ['meanX', 'm2X', 'meanY', 'm2Y', 'comoment'] as const) {
            expect(merged[key]).toBeCloseTo(whole[key], 11);
        }
    });

    it('leaves joint moments alone when nothing is merged in', () => {
        const joint = jointMomentsOf(anscombe);

        expect(mergeJointMoments(joint, NO_JOINT_MOMENTS)).toBe(joint);
        expect(mergeJointMoments(NO_JOINT_MOMENTS, joint)).toBe(joint);
    });

    it('rebuilds the comoment from a sample covariance', () => {
        const x = momentsFromVariance(3, 1, 2);
        const y = momentsFromVariance(3, 5, 8);

        expect(jointMomentsFrom(x, y, -1.5)).toEqual({ count: 3, meanX: 1, m2X: 4, meanY: 5, m2Y: 16, comoment: -3 });
        expect(jointMomentsFrom(momentsOf([1]), momentsOf([2]), null).comoment).toBe(0);
        expect(sampleCovariance(jointMomentsOf([{ x: 1, y: 2 }]))).toBe(0);
        const two = jointMomentsOf([
            { x: 1, y: 2 },
            { x: 3, y: 8 },
        ]);
        expect(sampleCovariance(two)).toBe(6);
        expect(jointMomentsFrom(marginalX(two), marginalY(two), 6)).toEqual(two);
    });

    it('refuses a covariance that no data can have', () => {
        const possible = { count: 3, meanX: 0, m2X: 4, meanY: 0, m2Y: 9, comoment: 6 };

        expect(areJointMoments(possible)).toBe(true);
        expect(areJointMoments({ ...possible, comoment: 6.1 })).toBe(false);
        expect(areJointMoments({ ...possible, m2X: Number.NaN })).toBe(false);
        expect(areJointMoments({ ...possible, m2Y: -1 })).toBe(false);
    });
});
