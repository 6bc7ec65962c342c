import { describe, expect, it } from 'vitest';
import { analyseExperiment } from '#core/experiment/analyse.ts';
import { defaultPlan } from '#core/experiment/plan.ts';
import { intervalsOf, shownOf } from '#core/experiment/shown.ts';
import { renderExperimentHtml } from '#core/report/experiment/html.ts';
import { anExposure, aShare, theShop } from './rows-builder.ts';

const plan = defaultPlan('pdp', ['control', 'treatment']);

describe('the intervals that may be read', () => {
    it('are any-time ones without a planned size, and before it', () => {
        expect(intervalsOf(plan, 1e6)).toEqual({ kind: 'anytime', alpha: 0.05 });
        expect(intervalsOf({ ...plan, plannedUnits: 1000 }, 999)).toEqual({ kind: 'anytime', alpha: 0.05 });
    });

    it('are fixed ones from the planned size on, and for data that are looked at once', () => {
        expect(intervalsOf({ ...plan, plannedUnits: 1000 }, 1000)).toEqual({ kind: 'fixed', alpha: 0.05 });
        expect(intervalsOf({ ...plan, looks: { kind: 'once' } }, 10)).toEqual({ kind: 'fixed', alpha: 0.05 });
    });

    it('are fixed ones at the level of the last planned look reached', () => {
        const looking = { ...plan, plannedUnits: 2000, looks: { kind: 'at_units', units: [1000, 2000] } as const };
        const first = intervalsOf(looking, 1500);

        expect(intervalsOf(looking, 999).kind).toBe('anytime');
        expect(first.kind).toBe('fixed');
        expect(first.alpha).toBeLessThan(0.004);
        expect(intervalsOf(looking, 2000).alpha).toBeGreaterThan(0.045);
    });

    it('are those of the page: at a planned look its interval agrees with its decision', () => {
        const looks = { kind: 'at_units', units: [2000, 4000] } as const;
        const analysis = analyseExperiment({
            experimentId: 'pdp',
            plan: { ...plan, goals: ['purchased'], guardrails: [], plannedUnits: 4000, looks },
            moments: [aShare('purchased', 'control', 100, 1000), aShare('purchased', 'treatment', 130, 1000)],
            exposures: [anExposure('control', 1000), anExposure('treatment', 1000)],
        });
        const { difference } = analysis.goals[0]!;

        expect(analysis.verdict.decision).toBe('keep_running');
        if (difference.status !== 'ok') throw new Error('no interval');
        expect(difference.low).toBeLessThan(0);
        expect(
            renderExperimentHtml(analysis, { generatedAt: '', dataThrough: null, run: null, hash: '', links: [] }),
        ).toContain('99.69% interval');
    });
});

describe('what a comparison says now', () => {
    const [goal, unknown] = analyseExperiment({ experimentId: 'pdp', ...theShop() }).goals;

    it('is one interval and its p-value, of the kind asked for', () => {
        expect(shownOf(goal!, 'fixed')).toEqual({ difference: goal!.difference, lift: goal!.lift, test: goal!.test });
        expect(shownOf(goal!, 'anytime')).toEqual({
            difference: goal!.anytime,
            lift: goal!.anytimeLift,
            test: goal!.anytime,
        });
    });

    it('is the reason where there is nothing to compare', () => {
        expect(shownOf(unknown!, 'anytime').difference).toMatchObject({ status: 'no_units' });
    });
});
