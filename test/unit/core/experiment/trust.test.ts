import { describe, expect, it } from 'vitest';
import { defaultPlan } from '#core/experiment/plan.ts';
import type { ExposureRow } from '#core/experiment/rows.ts';
import { testSampleRatios } from '#core/experiment/sample-ratio.ts';
import { checkTrust } from '#core/experiment/trust.ts';
import { anExposure } from './rows-builder.ts';

const plan = defaultPlan('pdp', ['control', 'treatment']);

function check(id: string, exposures: readonly ExposureRow[], of = plan) {
    return checkTrust(of, exposures, testSampleRatios(of, exposures)).find((one) => one.id === id);
}

describe('checks of trust', () => {
    it('are all unmade before anybody was exposed', () => {
        const levels = checkTrust(plan, [], testSampleRatios(plan, [])).map((one) => one.level);

        expect(new Set(levels)).toEqual(new Set(['not_checked']));
    });

    it('take arms of about the planned size as in order', () => {
        expect(check('sample_ratio', [anExposure('control', 448), anExposure('treatment', 472)])).toMatchObject({
            level: 'ok',
            measured: 'control 448, treatment 472, p 0.43',
        });
    });

    it('say that an equal split is assumed when none was declared', () => {
        const rows = [anExposure('control', 900), anExposure('treatment', 100)];

        expect(check('sample_ratio', rows)?.detail).toContain('The split was not declared, an equal one is assumed');
        expect(check('sample_ratio', rows, { ...plan, declared: true })?.detail).not.toContain('assumed');
    });

    it('find a mismatch inside a segment and name it', () => {
        const inSegment = (variant: string, segment: string, units: number) =>
            anExposure(variant, units, { dimension: 'device_type', segment });
        const rows = [
            anExposure('control', 1000),
            anExposure('treatment', 1000),
            inSegment('control', 'mobile', 700),
            inSegment('treatment', 'mobile', 300),
            inSegment('control', 'desktop', 300),
            inSegment('treatment', 'desktop', 700),
        ];

        expect(check('sample_ratio', rows)?.level).toBe('ok');
        expect(check('sample_ratio_segments', rows)).toMatchObject({
            level: 'alert',
            measured: '2 segments tested, 2 off',
            detail: expect.stringContaining('device_type desktop, device_type mobile'),
        });
    });

    it('only caution when flagged users are spread alike over the arms', () => {
        const rows = [
            anExposure('control', 448, { exposedBeforeAssignment: 40 }),
            anExposure('treatment', 472, { exposedBeforeAssignment: 36 }),
        ];

        expect(check('exposed_before_assignment', rows)).toMatchObject({
            level: 'caution',
            measured: '76 of 920 users not (8.3%)',
        });
    });

    it('stop the decision when flagged users gather in one arm', () => {
        const rows = [anExposure('control', 448, { windowCut: 0 }), anExposure('treatment', 472, { windowCut: 47 })];

        expect(check('window_cut', rows)).toMatchObject({
            level: 'alert',
            detail: expect.stringContaining('The share differs between the arms (p <0.0001)'),
        });
    });

    it('compare the number of users with the planned one', () => {
        const rows = [anExposure('control', 448), anExposure('treatment', 472)];

        expect(check('planned_size', rows, { ...plan, plannedUnits: 920 })?.level).toBe('ok');
        expect(check('planned_size', rows, { ...plan, plannedUnits: 921 })?.level).toBe('caution');
        expect(check('planned_size', rows)?.level).toBe('not_checked');
    });
});
