import { describe, expect, it } from 'vitest';
import { openBook } from '#core/experiment/moments.ts';
import { defaultPlan } from '#core/experiment/plan.ts';
import { analyseSegments } from '#core/experiment/segments.ts';
import { aShare } from './rows-builder.ts';

const plan = { ...defaultPlan('pdp', ['control', 'treatment']), segments: ['device_type'] };

function by(segments: Record<string, readonly [number, number, number?]>) {
    const rows = Object.entries(segments).flatMap(([segment, [control, treatment, units = 500]]) => [
        aShare('purchased', 'control', control, units, { dimension: 'device_type', segment }),
        aShare('purchased', 'treatment', treatment, units, { dimension: 'device_type', segment }),
    ]);
    return analyseSegments(plan, openBook(rows));
}

describe('the effect by segment', () => {
    it('makes its sentence from the test of a difference, not from each segment', () => {
        const [device] = by({ mobile: [50, 76], desktop: [50, 60] });

        expect(device?.rows[1]?.comparison.test).toMatchObject({ pValue: expect.closeTo(0.0136, 3) });
        expect(device?.sentence).toMatch(/^No evidence that the effect differs between desktop and mobile \(p 0\.\d+/);
    });

    it('speaks of a difference when the test finds one', () => {
        const [device] = by({ mobile: [50, 150], desktop: [50, 40], tablet: [50, 52] });

        expect(device?.sentence).toMatch(/^The effect differs between device type segments \(p <0\.0001/);
        expect(device?.interaction).toMatchObject({ status: 'ok', degreesOfFreedom: 2 });
    });

    it('pulls estimates towards each other, never past each other', () => {
        const [device] = by({ mobile: [50, 90], desktop: [50, 55] });
        const [desktop, mobile] = device!.rows.map((row) => row.shrunken!);

        expect(desktop).toBeGreaterThan(0.01);
        expect(mobile).toBeLessThan(0.08);
        expect(desktop).toBeLessThan(mobile!);
    });

    it('leaves out segments with too few users or outcomes and says so', () => {
        const [device] = by({ mobile: [50, 60], desktop: [1, 2], tablet: [5, 6, 49], tv: [0, 0] });

        expect(device?.rows.map((row) => [row.segment, row.use, row.shrunken])).toEqual([
            ['desktop', 'too_few_conversions', null],
            ['mobile', 'tested', null],
            ['tablet', 'too_few_units', null],
            ['tv', 'no_result', null],
        ]);
        expect(device?.sentence).toBe(
            'Nothing can be said about differences by device type. Fewer than two segments have enough users and outcomes to be compared.',
        );
    });

    it('tests nothing for a dimension without rows', () => {
        expect(by({})).toEqual([]);
    });
});
