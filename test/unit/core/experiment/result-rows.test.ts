import { describe, expect, it } from 'vitest';
import { analyseExperiment } from '#core/experiment/analyse.ts';
import { resultRows } from '#core/experiment/result-rows.ts';
import { aShare, theShop } from './rows-builder.ts';

describe('results as rows', () => {
    const { moments, exposures } = theShop();
    const inSegment = { dimension: 'device_type', segment: 'mobile' };
    const analysis = analyseExperiment({
        experimentId: 'pdp',
        moments: [
            ...moments,
            aShare('purchased', 'control', 12, 283, inSegment),
            aShare('purchased', 'treatment', 10, 318, inSegment),
        ],
        exposures,
    });
    const rows = resultRows(analysis);

    it('carry the numbers of the page', () => {
        expect(rows[0]).toMatchObject({
            metric: 'purchased',
            variant: 'treatment',
            dimension: 'all',
            role: 'goal',
            count_control_units: 448,
            count_variant_units: 472,
            estimate: expect.closeTo(0.006318, 6),
            p_value: expect.closeTo(0.6463, 4),
            status: 'ok',
            reason: null,
            verdict: 'keep_running',
        });
    });

    it('have one row for each experiment, metric, variant and segment', () => {
        const keys = rows.map((row) => [row.experiment_id, row.metric, row.variant, row.dimension, row.segment].join());

        expect(new Set(keys).size).toBe(keys.length);
        expect(keys).toContain('pdp,purchased,treatment,device_type,mobile');
    });

    it('say why a number is missing', () => {
        expect(rows.find((row) => row.metric === 'revenue')).toMatchObject({
            estimate: null,
            p_value: null,
            status: 'no_units',
            reason: 'One arm has no users with this metric yet.',
        });
    });

    it('name the verdict of guardrails', () => {
        expect(rows.find((row) => row.metric === 'bounce_rate')?.guardrail_verdict).toBe('inconclusive');
    });
});
