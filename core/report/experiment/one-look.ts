import type { Estimate, ExperimentAnalysis, GoalComparison, Outcome } from '../../experiment/document.ts';
import { formatChangeInterval, formatLevel, formatLift, formatPrecise } from '../../experiment/format.ts';
import type { Markup } from '../markup.ts';
import { html } from '../markup.ts';
import { methodWords } from './words.ts';

/**
 * The numbers of the test at a planned size with four decimals, and the intervals other tools print for the same
 * change: so that a reader finds the number they know. Folded, because before that size they promise too much.
 */
export function renderOneLook({ goals, intervals, plan }: ExperimentAnalysis): Markup | null {
    const rows = goals.filter(({ difference }) => difference.status === 'ok');
    if (rows.length === 0) return null;
    const level = formatLevel(intervals.kind === 'fixed' ? intervals.alpha : plan.alpha);
    const caution =
        intervals.kind === 'fixed'
            ? null
            : html`<p class="warn"><b>Right for one look only.</b> The planned size is not reached or none was planned: whoever looks at these again and again finds effects that are not there. They have no say in the decision.</p>`;
    return html`<details class="fold"><summary>Numbers for one look, to compare with other tools</summary>${caution}
<table role="table"><caption>${`${level} intervals. The score interval goes with the test: it holds zero exactly when the test does not reject.`}</caption>
<thead><tr role="row"><th scope="col">Goal</th><th scope="col" class="num">Statistic</th><th scope="col" class="num">p</th><th scope="col" class="num">Interval of the test</th><th scope="col" class="num">Relative</th><th scope="col" class="num">Newcombe</th><th scope="col" class="num">Wald, unpooled</th></tr></thead>
<tbody>${rows.map((goal) => renderRow(goal, plan.currency))}</tbody></table></details>`;
}

function renderRow(goal: GoalComparison, currency: string | null): Markup {
    const { metric, treatment, test, difference, lift, newcombeDifference, waldDifference, exactPValue } = goal;
    const cell = (label: string, text: string) =>
        html`<td class="num" role="cell" data-label="${label}"><span>${text}</span></td>`;
    const interval = (outcome: Outcome<Estimate>) =>
        outcome.status === 'ok' ? formatChangeInterval(metric.unit, outcome, currency) : '\u2013';
    const [name, p] =
        test.status === 'ok'
            ? [`${test.degreesOfFreedom === null ? 'z' : 't'} ${test.statistic.toFixed(4)}`, formatPrecise(test.pValue)]
            : ['\u2013', '\u2013'];
    const method = test.status === 'ok' ? html`<span>${methodWords(test.method)}</span>` : null;
    return html`<tr role="row"><th scope="row" role="rowheader">${metric.label}<span>${treatment.variant}</span>${method}</th>
${cell('Statistic', name)}${cell('p', exactPValue === null ? p : `${p}, exact ${formatPrecise(exactPValue)}`)}${cell('Interval of the test', interval(difference))}
${cell('Relative', lift.status === 'ok' ? `${formatLift(lift.low)} to ${formatLift(lift.high)}` : '\u2013')}${cell('Newcombe', interval(newcombeDifference))}${cell('Wald, unpooled', interval(waldDifference))}</tr>`;
}
