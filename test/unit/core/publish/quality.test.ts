import { describe, expect, it } from 'vitest';
import { graded } from '#core/publish/quality.ts';

const measured = (accepted: number, warned: readonly string[] = []) => ({
    asOf: '2026-01-02T00:00:00.000Z',
    watermark: undefined,
    read: 10_000,
    accepted,
    checks: { passed: 3, warned },
    behind: [] as readonly string[],
});

describe('the grade of a published table', () => {
    it.each([
        ['A', measured(9_990)],
        ['B', measured(9_989)],
        ['B', measured(9_900)],
        ['C', measured(9_899)],
        ['C', measured(9_500)],
        ['C', measured(10_000, ['fresh'])],
        ['D', measured(9_499)],
        ['D', { ...measured(10_000), checks: undefined }],
        ['D', { ...measured(10_000), behind: ['dim_users'] }],
        ['A', { ...measured(0), read: 0 }],
    ])('is %s for %o', (grade, quality) => {
        expect(graded(quality)).toEqual({ ...quality, grade });
    });
});
