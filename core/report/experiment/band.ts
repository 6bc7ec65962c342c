import type { ExperimentAnalysis, TrustCheck, Verdict } from '../../experiment/document.ts';
import { formatCount } from '../../experiment/format.ts';
import type { Markup } from '../markup.ts';
import { html } from '../markup.ts';
import type { IconName } from './icon.ts';
import { icon } from './icon.ts';
import type { ReportMeta } from './meta.ts';
import { safeLinks } from './meta.ts';
import { decisionWords, otherArms, plural } from './words.ts';

/** The page's head: which experiment, when, how many, and where else the report is. */
export function renderHead(analysis: ExperimentAnalysis, meta: ReportMeta): Markup {
    const { period, arms, plan } = analysis;
    const when =
        plan.looks.kind === 'once'
            ? 'a table of units, read once'
            : period.from === null
              ? 'no exposures yet'
              : `${period.from} to ${period.to} (${plural(period.days, 'day')})`;
    const who = arms.map((arm) => `${arm.variant} ${formatCount(arm.units)}`).join(', ');
    const links = safeLinks(meta).map(({ label, href }) => html` · <a href="${href}">${label}</a>`);
    return html`<header><p class="eyebrow">Experiment report</p>
<h1>${analysis.experimentId}</h1>
<p class="facts">${when} · ${plural(analysis.exposure.units, plan.looks.kind === 'once' ? 'unit' : 'exposed user')}${who === '' ? '' : `: ${who}`}${links}</p></header>`;
}

/** The decision, and the sentence that decided it. */
export function renderBand(analysis: ExperimentAnalysis): Markup {
    const { verdict } = analysis;
    const { word: short, tone } = decisionWords(verdict);
    const word = `${short}${waitingWords(analysis)}`;
    const shape: IconName = verdict.decision === 'keep_running' ? 'waiting' : tone;
    const also = verdict.also.map((sentence) => html`<li>${sentence}</li>`);
    return html`<div class="band ${tone}" role="region" aria-label="Decision">
<p class="word ${tone}">${icon(shape)}<span>${word}</span></p>
<p class="because">${verdict.because}</p>
${also.length === 0 ? null : html`<ul>${also}</ul>`}${renderOtherArms(verdict)}</div>`;
}

/** How long an experiment that has to go on still takes to its planned size, at the pace so far. */
function waitingWords({ verdict, plan, exposure, period }: ExperimentAnalysis): string {
    if (verdict.decision !== 'keep_running' || plan.plannedUnits === null || period.days === 0) return '';
    const missing = plan.plannedUnits - exposure.units;
    const pace = exposure.units / period.days;
    return missing > 0 && pace > 0 ? `, about ${plural(Math.ceil(missing / pace), 'more day')}` : '';
}

/** With several treatment arms the band is about one; the others get a line each. */
function renderOtherArms(verdict: Verdict): Markup | null {
    const others = otherArms(verdict);
    return others.length === 0 ? null : html`<ul>${others.map((words) => html`<li>${words}</li>`)}</ul>`;
}

/** The checks that say whether the numbers can be believed, worst first. */
export function renderTrust(checks: readonly TrustCheck[]): Markup {
    const order: readonly TrustCheck['level'][] = ['alert', 'caution', 'ok', 'not_checked'];
    const sorted = [...checks].sort((a, b) => order.indexOf(a.level) - order.indexOf(b.level));
    return html`<section aria-labelledby="trust"><h2 id="trust">Can these numbers be trusted?</h2>
<p class="lead">${summary(checks)} Open a check for what it means.</p>
<ul class="chips">${sorted.map(renderChip)}</ul></section>`;
}

const LEVEL_WORDS: Readonly<Record<TrustCheck['level'], string>> = {
    ok: 'in order',
    caution: 'take care',
    alert: 'stops the decision',
    not_checked: 'not checked',
};

function renderChip(check: TrustCheck): Markup {
    return html`<li><details><summary>${icon(check.level)}<span><b>${check.label}: ${LEVEL_WORDS[check.level]}</b><i>${check.measured}</i></span></summary>
<p>${check.detail}</p></details></li>`;
}

function summary(checks: readonly TrustCheck[]): string {
    const count = (level: TrustCheck['level']) => checks.filter((check) => check.level === level).length;
    const parts = [
        count('alert') > 0
            ? `${plural(count('alert'), 'check')} stop${count('alert') === 1 ? 's' : ''} the decision`
            : null,
        count('caution') > 0
            ? `${plural(count('caution'), 'check')} need${count('caution') === 1 ? 's' : ''} care`
            : null,
        `${count('ok')} of ${checks.length} in order`,
    ];
    return `${parts.filter((part) => part !== null).join(', ')}.`;
}
