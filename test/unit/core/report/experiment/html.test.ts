import { describe, expect, it } from 'vitest';
import { analyseExperiment } from '#core/experiment/analyse.ts';
import { defaultPlan } from '#core/experiment/plan.ts';
import { renderExperimentHtml } from '#core/report/experiment/html.ts';
import { renderExperimentJson } from '#core/report/experiment/json.ts';
import { renderExperimentMarkdown } from '#core/report/experiment/markdown.ts';
import type { ReportMeta } from '#core/report/experiment/meta.ts';
import { aMean, anExposure, aRatio, aShare, theShop } from '../../experiment/rows-builder.ts';

const META: ReportMeta = {
    generatedAt: '2024-01-02T06:00:00.000Z',
    dataThrough: '2023-12-31T23:59:00.000Z',
    hash: '0123456789abcdef',
    run: 'run-1',
    links: [{ label: 'JSON', href: 'pdp.json' }],
};

const HOSTILE = `"><script>alert('x')</script><img src=x onerror=alert(1)>&|[a](javascript:b)`;

/** An analysis with every section filled, all its names given by `name`. */
function full(name = 'treatment', segment = 'mobile', experimentId = 'pdp') {
    const { moments, exposures } = theShop();
    const values = Array.from({ length: 200 }, (_, index) => (index % 7) * 3);
    const pairs = values.map((value, index) => [value % 3, 2 + (index % 2)] as const);
    const both = (build: (variant: string) => ReturnType<typeof aShare>[]) => ['control', 'treatment'].flatMap(build);
    const rows = [
        ...moments,
        ...both((variant) => [
            aMean('revenue', variant, values),
            aMean('events_per_user', variant, values),
            aRatio('bounce_rate', variant, pairs),
            aShare('added_to_cart', variant, 60, 450),
            aShare('begun_checkout', variant, 40, 450),
            aShare('purchased', variant, 20, 300, { dimension: 'device_type', segment }),
            aShare('purchased', variant, 16, 200, { dimension: 'device_type', segment: 'desktop' }),
            aShare('purchased', variant, 1, 20, { dimension: 'device_type', segment: `small ${segment}` }),
            aShare('purchased', variant, 5, 120, { exposedOn: '2023-05-02' }),
        ]),
    ];
    const rename = <Row extends { variant: string; experimentId: string }>(row: Row): Row => ({
        ...row,
        experimentId,
        variant: row.variant === 'treatment' ? name : row.variant,
    });
    return analyseExperiment({ experimentId, moments: rows.map(rename), exposures: exposures.map(rename) });
}

function textOf(page: string): string {
    return page.replace(/<style>.*?<\/style>/s, '').replace(/<[^>]+>/g, ' ');
}

describe('the page', () => {
    const page = renderExperimentHtml(full(), META);

    it('has its sections in the order of reading', () => {
        const headings = [...page.matchAll(/<h[12][^>]*>([^<]+)</g)].map((match) => match[1]);

        expect(headings).toEqual([
            'pdp',
            'The four questions',
            'Can these numbers be trusted?',
            'Plan and what happened',
            'Goals',
            'Guardrails',
            'Funnel',
            'Other metrics',
            'Segments',
            'Over time',
            'What it would bring',
            'Diagnostics',
            'How to read this, and how it was computed',
        ]);
    });

    it('says first what to do and why', () => {
        expect(page.indexOf('Keep running')).toBeLessThan(page.indexOf('<h2'));
        expect(textOf(page)).toMatch(/Keep running\s+The data cannot tell yet\. Purchase rate/);
    });

    it('loads nothing and runs nothing', () => {
        expect(page).not.toMatch(/<script|<link|<iframe|@import|url\(|src=|\son\w+=/i);
    });

    it('is small enough for a mail', () => {
        expect(page.length).toBeLessThan(120_000);
    });

    it('gives every table a caption and every picture words', () => {
        const count = (pattern: RegExp) => [...page.matchAll(pattern)].length;

        expect(count(/<table/g)).toBeGreaterThan(5);
        expect(count(/<table[^>]*><caption>[^<]+<\/caption>/g)).toBe(count(/<table/g));
        expect(count(/<svg[^>]*role="img"/g)).toBe(
            count(/<svg[^>]*role="img"[^>]*aria-label="[^"]+[^>]*>\s*<title>[^<]+/g),
        );
        const bare = [...page.matchAll(/<svg(?![^>]*(?:role="img"|aria-hidden="true"))[^>]*>/g)].map(
            (match) => match[0],
        );
        expect(bare.every((svg) => svg.includes('overflow="visible"'))).toBe(true);
    });

    it('names states in words, not by colour alone', () => {
        expect(page).toContain('Exposed after assignment: take care');
        expect(page).toContain('Inconclusive</span>');
    });

    it('gives the same bytes for the same analysis', () => {
        expect(renderExperimentHtml(full(), META)).toBe(page);
    });

    it('shows any-time intervals until the planned size is reached, the others folded under Diagnostics', () => {
        const { moments, exposures } = theShop();
        const plan = { ...defaultPlan('pdp', ['control', 'treatment']), plannedUnits: 920, goals: ['purchased'] };
        const reached = renderExperimentHtml(
            analyseExperiment({ experimentId: 'pdp', moments, exposures, plan }),
            META,
        );
        const early = renderExperimentHtml(analyseExperiment({ experimentId: 'pdp', moments, exposures }), META);
        const [above, below] = early.split('id="diagnostics"') as [string, string];

        expect(above).toContain('−4.78 to +6.04 pp');
        expect(above).not.toMatch(/−2\.16 to \+3\.42 pp|>0\.65<|class="inner"[^/]*%/);
        expect(below).toMatch(
            /Right for one look only\..*z 0\.4589.*0\.6463.*−2\.16 to \+3\.42 pp.*−2\.06 to \+3\.33 pp/s,
        );
        expect(reached.split('id="diagnostics"')[0]).toMatch(/−2\.16 to \+3\.42 pp/);
    });

    it('answers nothing from numbers that cannot be trusted', () => {
        const moments = [aShare('purchased', 'control', 100, 900), aShare('purchased', 'treatment', 60, 100)];
        const exposures = [anExposure('control', 900), anExposure('treatment', 100)];
        const invalid = renderExperimentHtml(analyseExperiment({ experimentId: 'pdp', moments, exposures }), META);

        expect(invalid).toContain('It cannot be told: the numbers below are not those of a fair comparison.');
        expect(invalid).not.toContain(': yes, up');
        expect(invalid).toContain('<b>Not a result.</b>');
        expect(page).not.toContain('<b>Not a result.</b>');
    });

    it('says how the same numbers come again', () => {
        const once = { ...defaultPlan('pdp', ['control', 'treatment']), looks: { kind: 'once' } as const };
        const file = renderExperimentHtml(analyseExperiment({ experimentId: 'pdp', ...theShop(), plan: once }), META);

        expect(page).toContain('cartlake experiment replay 0123456789abcdef');
        expect(file).toContain('the same question to the same file gives the same numbers');
        expect(file).not.toContain('experiment replay');
    });

    it('leaves out links that would run code', () => {
        const links = [
            { label: 'bad', href: ' JavaScript:alert(1)' },
            { label: 'good', href: 'https://example.com/a?b=c:d' },
            { label: 'near', href: './a.json' },
        ];

        const linked = renderExperimentHtml(full(), { ...META, links });

        expect([...linked.matchAll(/href="([^"]+)"/g)].map((match) => match[1])).toEqual([
            'https://example.com/a?b=c:d',
            './a.json',
        ]);
    });

    it('shows a declared plan with its size and hypothesis', () => {
        const { moments, exposures } = theShop();
        const plan = {
            ...defaultPlan('pdp', ['control', 'treatment']),
            declared: true,
            hypothesis: 'A larger picture sells <more>.',
            plannedUnits: 4000,
            looks: { kind: 'at_units', units: [1000, 4000] } as const,
        };

        const text = renderExperimentHtml(analyseExperiment({ experimentId: 'pdp', moments, exposures, plan }), META);

        expect(text).toContain('A larger picture sells &lt;more&gt;.');
        expect(text).toContain('4,000 planned, 920 reached (23.0%)');
        expect(text).toContain('at 1,000, 4,000 users');
    });

    it('names the arm that is shipped', () => {
        const rows = [aShare('purchased', 'control', 100, 1000), aShare('purchased', 'blue', 300, 1000)];
        const plan = { ...defaultPlan('pdp', ['control', 'blue']), goals: ['purchased'], guardrails: [] };
        const exposures = [anExposure('control', 1000), anExposure('blue', 1000)];

        expect(
            renderExperimentHtml(analyseExperiment({ experimentId: 'pdp', moments: rows, exposures, plan }), META),
        ).toContain('<title>pdp: Ship blue</title>');
    });
});

describe('hostile names', () => {
    const analysis = full(HOSTILE, `${HOSTILE}2`, `${HOSTILE}3`);

    it('stay text in the page', () => {
        const page = renderExperimentHtml(analysis, { ...META, run: HOSTILE });

        expect(page).not.toMatch(/<script|<img/i);
        expect(page).toContain('&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;');
    });

    it('stay in their cell of a Markdown table', () => {
        const markdown = renderExperimentMarkdown(analysis, META);
        const tables = markdown.split('\n\n').filter((block) => block.startsWith('|'));

        expect(markdown).not.toMatch(/<script|<img|[^\\]\[a\]/);
        for (const block of tables) {
            const widths = block.split('\n').map((line) => line.replaceAll('\\|', '').split('|').length);
            expect(new Set(widths).size).toBe(1);
        }
    });

    it('survive JSON unchanged', () => {
        expect(JSON.parse(renderExperimentJson(analysis, META)).experimentId).toBe(`${HOSTILE}3`);
    });
});

describe('the report in Markdown', () => {
    const markdown = renderExperimentMarkdown(full(), META);

    it('says the same as the page', () => {
        expect(markdown).toMatch(/^# pdp\n\n\*\*Keep running\*\*\n\nThe data cannot tell yet\./);
        expect(markdown.match(/^## .+$/gm)).toEqual([
            '## Trust',
            '## Plan and what happened',
            '## Goals',
            '## Guardrails',
            '## Funnel',
            '## Other metrics',
            '## Segments',
            '## Words',
        ]);
    });

    it('marks segments that were not tested', () => {
        expect(markdown).toContain('| small mobile (too few users to compare) |');
    });
});
