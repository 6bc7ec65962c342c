import { describe, expect, it } from 'vitest';
import { defaultPlan } from '#core/experiment/plan.ts';
import { freshnessCheck } from '#core/report/experiment/freshness.ts';

const plan = defaultPlan('pdp', ['control', 'treatment']);
const at = (dataThrough: string | null, more = {}) =>
    freshnessCheck({ plan: { ...plan, ...more } }, { generatedAt: '2024-03-10T06:00:00.000Z', dataThrough })[0];

describe('how far the data reach', () => {
    it('is in order when the newest event is of yesterday', () => {
        expect(at('2024-03-09T23:59:00.000Z')).toMatchObject({ level: 'ok', measured: 'through 2024-03-09 23:59 UTC' });
    });

    it('asks for care when events stopped coming', () => {
        expect(at('2024-03-01T12:00:00.000Z')).toMatchObject({
            level: 'caution',
            detail: expect.stringMatching(/^The newest event is 8 days older than this page/),
        });
    });

    it('is in order when the planned days are over', () => {
        expect(at('2024-03-01T12:00:00.000Z', { endsOn: '2024-02-29' })?.level).toBe('ok');
        expect(at('2024-03-01T12:00:00.000Z', { endsOn: '2024-03-01' })?.level).toBe('caution');
    });

    it('is not asked of a table of units, or where it is unknown', () => {
        expect(at('2024-03-01T12:00:00.000Z', { looks: { kind: 'once' } })).toBeUndefined();
        expect(at(null)).toBeUndefined();
    });
});
