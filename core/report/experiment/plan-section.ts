import { anytimePlanOf } from '../../experiment/anytime.ts';
import type { ExperimentAnalysis } from '../../experiment/document.ts';
import { formatCount, formatLevel, formatShare } from '../../experiment/format.ts';
import { metricOf } from '../../experiment/metrics.ts';
import type { ExperimentPlan } from '../../experiment/plan.ts';
import type { Markup } from './markup.ts';
import { html } from './markup.ts';
import { plural } from './words.ts';

/** What was planned beside what happened; an undeclared plan says that it is none. */
export function renderPlan(analysis: ExperimentAnalysis): Markup {
    return html`<section aria-labelledby="plan"><h2 id="plan">Plan and what happened</h2>
<p class="lead">${analysis.plan.declared ? 'Declared before the start.' : 'Nobody declared a plan for this experiment: the defaults below stand in for one.'}</p>
<dl>${planFacts(analysis).map(({ term, text }) => html`<dt>${term}</dt><dd>${text}</dd>`)}</dl></section>`;
}

/** The plan as terms and texts, for every form of the report. */
export function planFacts({ plan, arms, exposure, period }: ExperimentAnalysis): { term: string; text: string }[] {
    const split = arms
        .map((arm) => {
            const got = arm.share === null ? 'no users yet' : `got ${formatShare(arm.share)}`;
            const name = arm.variant === arm.role ? arm.variant : `${arm.variant} (${arm.role})`;
            return `${name} planned ${formatShare(arm.plannedShare)}, ${got}`;
        })
        .join('; ');
    const label = (metric: string) => metricOf(plan, metric).label;
    const size =
        plan.plannedUnits === null
            ? `none planned; ${formatCount(exposure.units)} reached. Without a planned size only the any-time test can end the experiment.`
            : `${formatCount(plan.plannedUnits)} planned, ${formatCount(exposure.units)} reached (${formatShare(exposure.units / plan.plannedUnits)})`;
    return [
        { term: 'Hypothesis', text: plan.hypothesis ?? 'not declared' },
        { term: 'Unit', text: 'user; one row per user, users seen with several variants left out' },
        { term: 'Split', text: split === '' ? 'no arms yet' : split },
        {
            term: 'Exposure',
            text: period.from === null ? 'none yet' : `${period.from} to ${period.to}, ${plural(period.days, 'day')}`,
        },
        { term: 'Window', text: `${plan.windowDays} days from a user's first exposure` },
        { term: 'Users', text: size },
        {
            term: 'Goals',
            text: plan.goals.map((goal, index) => (index === 0 ? `${label(goal)} (primary)` : label(goal))).join(', '),
        },
        {
            term: 'Guardrails',
            text:
                plan.guardrails.map((g) => `${label(g.metric)} (margin ${formatShare(g.margin)})`).join(', ') || 'none',
        },
        {
            term: 'Confidence',
            text: `${formatLevel(plan.alpha)}; goals adjusted together (Holm), guardrails one-sided at ${formatShare(plan.alpha / 2)}`,
        },
        {
            term: 'Looks',
            text: looksWords(plan),
        },
    ];
}

function looksWords(plan: ExperimentPlan): string {
    switch (plan.looks.kind) {
        case 'every_build':
            return `after every build; any-time interval tuned to ${formatCount(anytimePlanOf(plan).plannedUnits)} users`;
        case 'at_units':
            return `at ${plan.looks.units.map(formatCount).join(', ')} users`;
        case 'once':
            return 'one; the data are complete';
    }
}
