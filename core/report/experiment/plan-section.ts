import { anytimePlanOf } from '../../experiment/anytime.ts';
import type { ExperimentAnalysis } from '../../experiment/document.ts';
import { formatCount, formatLevel, formatLift, formatShare } from '../../experiment/format.ts';
import { metricOf } from '../../experiment/metrics.ts';
import type { ExperimentPlan } from '../../experiment/plan.ts';
import type { Markup } from '../markup.ts';
import { html } from '../markup.ts';
import { icon } from './icon.ts';
import { plural } from './words.ts';

/** What was planned beside what happened; an undeclared plan says that it is none. */
export function renderPlan(analysis: ExperimentAnalysis): Markup {
    return html`<section aria-labelledby="plan"><h2 id="plan">Plan and what happened</h2>
<p class="lead">${planLead(analysis.plan)}</p>
${renderDeviations(analysis.plan)}
<dl>${planFacts(analysis).map(({ term, text }) => html`<dt>${term}</dt><dd>${text}</dd>`)}</dl></section>`;
}

/** The plan as terms and texts, for every form of the report. */
export function planFacts({
    plan,
    arms,
    exposure,
    period,
    goals,
}: ExperimentAnalysis): { term: string; text: string }[] {
    const split = arms
        .map((arm) => {
            const got = arm.share === null ? 'no users yet' : `got ${formatShare(arm.share)}`;
            const name = arm.variant === arm.role ? arm.variant : `${arm.variant} (${arm.role})`;
            return `${name} planned ${formatShare(arm.plannedShare)}, ${got}`;
        })
        .join('; ');
    const label = (metric: string) => metricOf(plan, metric).label;
    const size =
        plan.looks.kind === 'once'
            ? `${formatCount(exposure.units)}, all there are`
            : plan.plannedUnits === null
              ? `none planned; ${formatCount(exposure.units)} reached. Without a planned size only the any-time test can end the experiment.`
              : `${formatCount(plan.plannedUnits)} planned, ${formatCount(exposure.units)} reached (${formatShare(exposure.units / plan.plannedUnits)})`;
    return [
        { term: 'Hypothesis', text: plan.hypothesis ?? 'not declared' },
        { term: 'Unit', text: `${plan.unit}; one row per unit, units seen with several variants left out` },
        { term: 'Split', text: split === '' ? 'no arms yet' : split },
        {
            term: 'Exposure',
            text:
                period.from === null
                    ? plan.looks.kind === 'once'
                        ? 'not in the table'
                        : 'none yet'
                    : `${period.from} to ${period.to}, ${plural(period.days, 'day')}`,
        },
        ...timeFacts(plan, goals.find(({ primary }) => primary)?.powerAtMinimumLift ?? null),
        { term: plan.looks.kind === 'once' ? 'Units' : 'Users', text: size },
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

function timeFacts(plan: ExperimentPlan, powerNow: number | null): { term: string; text: string }[] {
    if (plan.looks.kind === 'once') return [];
    const { startsOn, endsOn, minimumLift, windowDays, exposedBy } = plan;
    return [
        { term: 'Exposed by', text: exposedBy.join(' or ') },
        { term: 'Window', text: `${windowDays} days from a user's first exposure` },
        ...(startsOn === null ? [] : [{ term: 'Planned days', text: `${startsOn} to ${endsOn}` }]),
        ...(minimumLift === null
            ? []
            : [
                  {
                      term: 'To be found',
                      text: `a relative change of ${formatLift(minimumLift)}, ${Math.round(plan.power * 100)} times out of 100${powerNow === null ? '' : `; the users so far find it ${formatShare(powerNow)} of the time`}`,
                  },
              ]),
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

function planLead({ declared, frozenAt, looks, deviations }: ExperimentPlan): string {
    if (looks.kind === 'once') return 'A table of units, read once: what was planned is what the question said.';
    if (!declared) return 'Nobody declared a plan for this experiment: the defaults below stand in for one.';
    if (frozenAt === null) return 'Declared; frozen on the first day, or when the first user is exposed.';
    const since = deviations.length === 0 ? 'and not changed since' : 'and changed since, which is listed here';
    return `Declared, frozen on ${frozenAt.slice(0, 16).replace('T', ' ')} UTC ${since}. The page goes by the frozen plan.`;
}

function renderDeviations({ deviations }: ExperimentPlan): Markup | null {
    if (deviations.length === 0) return null;
    const rows = deviations.map(
        ({ place, planned, now }) => html`<li><b>${place}</b>: planned ${planned}, the file says ${now} now</li>`,
    );
    return html`<div class="deviations" role="note"><p>${icon('alert')} <b>Changed after the start</b></p><ul>${rows}</ul></div>`;
}
