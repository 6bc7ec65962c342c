import { describe, expect, it } from 'vitest';
import { analyseExperiment } from '#core/experiment/analyse.ts';
import { analysisHash, canonicalJson } from '#core/experiment/canonical.ts';
import { defaultPlan } from '#core/experiment/plan.ts';
import { fourAnswers } from '#core/report/experiment/answers.ts';
import { renderExperimentCsv } from '#core/report/experiment/csv.ts';
import { reportForms } from '#core/report/experiment/forms.ts';
import { anExposure, aShare } from '../../experiment/rows-builder.ts';

const ABOUT = { generatedAt: '2024-01-02T06:00:00.000Z', dataThrough: null, run: 'run-1' };
const plan = { ...defaultPlan('pdp', ['control', 'treatment']), goals: ['purchased'], guardrails: [] };

function analyse(buyers = 60, more = {}) {
    return analyseExperiment({
        experimentId: 'pdp',
        plan: { ...plan, ...more },
        moments: [aShare('purchased', 'control', 40, 1000), aShare('purchased', 'treatment', buyers, 1000)],
        exposures: [anExposure('control', 1000), anExposure('treatment', 1000)],
    });
}

describe('the forms of a report', () => {
    const forms = reportForms(analyse(), ABOUT);

    it('are a page, JSON, CSV and Markdown', () => {
        expect([...forms.keys()]).toEqual(['index.html', 'report.json', 'report.csv', 'report.md']);
    });

    it('carry the hash of the analysis, which does not depend on when it was written', () => {
        const hash = analysisHash(analyse());
        const later = reportForms(analyse(), { ...ABOUT, generatedAt: '2025-01-01T00:00:00.000Z' });

        expect(forms.get('index.html')).toContain(`cartlake experiment replay ${hash}`);
        expect(JSON.parse(forms.get('report.json')!).meta.hash).toBe(hash);
        expect(JSON.parse(later.get('report.json')!).meta.hash).toBe(hash);
        expect(analysisHash(analyse(61))).not.toBe(hash);
    });

    it('survive JSON: an analysis read back is the same', () => {
        const text = canonicalJson(analyse());

        expect(canonicalJson(JSON.parse(text))).toBe(text);
    });

    it('load nothing from elsewhere and have no script', () => {
        expect(forms.get('index.html')).not.toMatch(/<script|<link|src=|url\(|@import/);
    });
});

describe('CSV', () => {
    it('has a heading and a row a comparison', () => {
        const [head, first] = renderExperimentCsv(analyse()).split('\r\n');

        expect(head).toMatch(/^experiment_id,metric,variant,role,dimension,segment,/);
        expect(first).toMatch(/^pdp,purchased,treatment,goal,all,all,control,1000,1000,0\.04,0\.06,/);
    });

    it('quotes what needs it and disarms formulas', () => {
        const named = { ...analyse(), experimentId: '=a,"b"' };

        expect(renderExperimentCsv(named).split('\r\n')[1]).toMatch(/^"'=a,""b""",/);
    });
});

describe('the page', () => {
    it('lists what was changed after the start', () => {
        const deviations = [{ place: 'size', planned: '18000', now: '<9000>' }];
        const changed = analyse(60, { declared: true, frozenAt: '2023-05-01T00:00:00.000Z', deviations });
        const page = reportForms(changed, ABOUT).get('index.html');

        expect(page).toContain('Changed after the start');
        expect(page).toContain('planned 18000, the file says &lt;9000&gt; now');
    });

    it('says how long an experiment that has to go on still takes', () => {
        const page = reportForms(analyse(41, { plannedUnits: 9000 }), ABOUT).get('index.html');

        expect(page).toContain('Keep running, about 4 more days');
    });
});

describe('the four questions', () => {
    const answers = (analysis = analyse()) => fourAnswers(analysis).map(({ answer }) => answer);

    it('are answered in words, never claiming what the data cannot tell', () => {
        expect(answers(analyse(41))[0]).toMatch(/^treatment: the data cannot tell \(any-time p /);
        expect(answers(analyse(140))[0]).toMatch(/^treatment: yes, up \(any-time p <0\.0001\)\.$/);
        expect(answers()[1]).toMatch(/^treatment: \+2\.00 pp \(.*\), relative \+50\.0% \(/);
        expect(answers()[2]).toBe('No guardrails were named, so nobody looked.');
        expect(answers()[3]).toBe('There are no segments to compare.');
    });

    it('name guardrails that cannot be told', () => {
        const guarded = analyse(60, { guardrails: [{ metric: 'bounce_rate', margin: 0.05 }] });

        expect(answers(guarded)[2]).toBe('Cannot be told yet: bounce rate (treatment).');
    });

    it('say when there is nothing yet', () => {
        const empty = analyseExperiment({ experimentId: 'pdp', plan, moments: [], exposures: [] });

        expect(fourAnswers(empty)[0]?.answer).toMatch(/^treatment: nothing can be said/);
    });
});
