import type { ExperimentAnalysis, InputMoments } from '../../experiment/document.ts';
import type { Metric } from '../../experiment/metrics.ts';
import { metricOf } from '../../experiment/metrics.ts';
import type { Markup } from '../markup.ts';
import { html } from '../markup.ts';
import { type MartSource, renderSources } from './sources.ts';
import { methodWords } from './words.ts';

/** The words a reader may not know, each in a sentence or two. */
export const DEFINITIONS: readonly { readonly term: string; readonly text: string }[] = [
    {
        term: 'Exposed user',
        text: 'Somebody who saw the page under test. Counting starts at the first time; what happened before does not count.',
    },
    {
        term: 'Confidence interval',
        text: 'The range of true changes that fit the data. If experiments like this were run over and over, 95 of 100 such ranges would hold the true change.',
    },
    {
        term: 'p',
        text: 'How often chance alone would show a change at least as large as this one. A large p is not proof of no effect: it says that the data cannot tell.',
    },
    {
        term: 'Any-time interval and p',
        text: 'Wider versions that stay right however often one looks, with the smallest p and the narrowest band over all days so far. Looking daily at the plain ones finds effects that are not there.',
    },
    {
        term: 'Adjusted p',
        text: 'With several goals or arms one of them looks good by luck more easily. Holm\u2019s rule raises the p-values so that the whole family keeps the promised error rate.',
    },
    {
        term: 'Relative change',
        text: 'The change as a share of control. Its interval (Koopman\u2019s for shares, Fieller\u2019s for the rest) takes into account that control is an estimate too. When control is too uncertain there is no finite interval, and only the absolute change is shown.',
    },
    {
        term: 'Users in the arms as planned (sample ratio)',
        text: 'A chi-square test of the number of users in each arm against the planned split. A very small p means that users got lost on the way in one arm, and then no result can be read.',
    },
    {
        term: 'Guardrail and margin',
        text: 'A metric that need not improve, but must be shown not to get worse than the margin. The one-sided test is made at half the error rate, and too little data is never a pass.',
    },
    {
        term: 'Difference between segments',
        text: 'Cochran\u2019s Q compares the segments\u2019 changes with what chance would spread them. Estimates are pulled towards the common one as far as the segments look alike.',
    },
];

/** What each kind of number is computed by, with its source. */
const FORMULAS: readonly { readonly term: string; readonly text: string }[] = [
    {
        term: 'Shares',
        text: 'Pooled two-proportion z; intervals of Mee (1984) and Koopman (1984); Fisher\u2019s exact p below an expected count of 5.',
    },
    {
        term: 'Means and ratios',
        text: 'Welch\u2019s t; ratios by the delta method (Deng, Knoblich, Lu 2018); relative changes by Fieller (1954).',
    },
    {
        term: 'Any time',
        text: 'Asymptotic confidence sequences (Waudby-Smith and others, arXiv:2103.06476), smallest p over the looks.',
    },
    {
        term: 'Planned looks',
        text: 'Spending of Lan and DeMets (1983), O\u2019Brien-Fleming-like, one goal at a share of alpha.',
    },
    { term: 'Several goals', text: 'Holm (1979); intervals for all goals at Bonferroni\u2019s level.' },
    {
        term: 'Split of users',
        text: 'Chi-square; at every look the Dirichlet-multinomial test of Lindon and Malek (arXiv:2011.03567).',
    },
    { term: 'Guardrails', text: 'One-sided non-inferiority on treatment minus (1 \u00b1 margin) times control.' },
    {
        term: 'Segments',
        text: 'Cochran\u2019s Q, I\u00b2, DerSimonian and Laird\u2019s shrinkage, Gail and Simon (1985); Holm over dimensions.',
    },
    {
        term: 'Other readings',
        text: 'CUPED with the slope within arms (Deng, Xu, Kohavi, Walker 2013); post-stratification; one cap for all arms.',
    },
    { term: 'Chances', text: 'Beta posteriors of shares with uniform priors; normal posteriors of means without one.' },
    {
        term: 'Sizes',
        text: 'Shares on the arcsine scale (Cohen\u2019s h, 1988) and with the pooled variance of R\u2019s power.prop.test, from control\u2019s share as printed; means by the normal approximation.',
    },
];

/** How the numbers were made, in plain words, with the inputs everything was computed from. */
export function renderMethod(analysis: ExperimentAnalysis, sources: readonly MartSource[]): Markup {
    const metrics = metricsOf(analysis);
    return html`<section class="long" aria-labelledby="method"><h2 id="method">How to read this, and how it was computed</h2>
<details class="fold"><summary>Words</summary><dl class="definitions">${DEFINITIONS.map(({ term, text }) => html`<dt>${term}</dt><dd>${text}</dd>`)}</dl></details>
<details class="fold"><summary>Metrics</summary><dl class="definitions">${metrics.map((metric) => html`<dt>${metric.label}</dt><dd>${metricWords(metric, analysis)}</dd>`)}</dl></details>
<details class="fold"><summary>Formulas</summary><p>${`Statistics version ${analysis.statistics}.`}</p><dl class="definitions">${FORMULAS.map(({ term, text }) => html`<dt>${term}</dt><dd>${text}</dd>`)}</dl></details>
<details class="fold"><summary>Input moments</summary><table role="table"><caption>Everything above is computed from these sums, merged over all days. M2 is the sum of squared deviations from the mean.</caption>
<thead><tr role="row"><th scope="col">Metric</th><th scope="col">Arm</th><th scope="col" class="num">Users</th><th scope="col" class="num">Mean</th><th scope="col" class="num">M2</th><th scope="col" class="num">Mean, divisor</th><th scope="col" class="num">M2, divisor</th><th scope="col" class="num">Co-moment</th></tr></thead>
<tbody>${analysis.inputs.map((input) => renderInput(input, metricOf(analysis.plan, input.metric)))}</tbody></table></details>
${renderSources(sources, analysis.experimentId)}</section>`;
}

function metricsOf({ goals, guardrails, secondary, funnel }: ExperimentAnalysis): Metric[] {
    const all = [...goals, ...guardrails, ...secondary, ...funnel.flatMap((step) => step.comparisons)];
    return [...new Map(all.map(({ metric }) => [metric.name, metric])).values()];
}

/** A metric's meaning and the test it gets. */
export function metricWords(metric: Metric, { goals, guardrails, secondary, funnel }: ExperimentAnalysis): string {
    const all = [...goals, ...guardrails, ...secondary, ...funnel.flatMap((step) => step.comparisons)];
    const test = all.find((one) => one.metric.name === metric.name && one.test.status === 'ok')?.test;
    const better = metric.better === 'lower' ? 'Lower is better.' : 'Higher is better.';
    return `${metric.meaning} ${better}${test?.status === 'ok' ? ` Test: ${methodWords(test.method)}.` : ''}`;
}

function renderInput(input: InputMoments, metric: Metric): Markup {
    const cells: readonly [string, number | null][] = [
        ['Users', input.units],
        ['Mean', input.meanNumerator],
        ['M2', input.m2Numerator],
        ['Mean, divisor', input.meanDenominator],
        ['M2, divisor', input.m2Denominator],
        ['Co-moment', input.comoment],
    ];
    return html`<tr role="row"><th scope="row" role="rowheader">${metric.label}</th><td role="cell" data-label="Arm">${input.variant}</td>
${cells.map(([label, value]) => html`<td class="num" role="cell" data-label="${label}">${value === null ? '\u2013' : significant(value)}</td>`)}</tr>`;
}

/** Ten significant digits: enough to recompute every number of the page. */
function significant(value: number): string {
    return String(Number(value.toPrecision(10)));
}
