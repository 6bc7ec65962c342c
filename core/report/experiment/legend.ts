import type { ExperimentAnalysis } from '../../experiment/document.ts';
import { formatLevel } from '../../experiment/format.ts';
import type { Markup } from '../markup.ts';
import { html } from '../markup.ts';
import type { IntervalBar } from './interval-bar.ts';

/** What the marks of an interval chart mean. Drawn from the same classes as the charts. */
export function legend({ kind, alpha }: ExperimentAnalysis['intervals'], more: readonly Markup[] = []): Markup {
    const level = formatLevel(alpha);
    const dot = html`<circle class="dot" cx="17" cy="7" r="4"/>`;
    const estimate =
        kind === 'fixed'
            ? entry(
                  html`<line class="inner" x1="2" x2="32" y1="7" y2="7"/>${dot}`,
                  `estimate and ${level} interval, right for one look`,
              )
            : entry(
                  html`<line class="wings" x1="0" x2="34" y1="7" y2="7"/>${dot}`,
                  `estimate and ${level} interval that stays right at any number of looks; an arrow: it goes on`,
              );
    return html`<ul class="legend" aria-label="Marks of the chart">${estimate}
${entry(html`<line class="zero" x1="17" x2="17" y1="0" y2="14"/>`, 'no change')}${more}</ul>`;
}

/** The wide interval around the bars, where it is drawn; where it is the only one, the first entry says so. */
export function wingsEntry(
    { kind, alpha }: ExperimentAnalysis['intervals'],
    bars: readonly Pick<IntervalBar, 'wings'>[],
): Markup[] {
    if (kind === 'anytime' || bars.every(({ wings }) => wings === null)) return [];
    const level = formatLevel(alpha);
    const words = `${level} interval that stays right at any number of looks; an arrow: it goes on`;
    return [entry(html`<line class="wings" x1="0" x2="34" y1="7" y2="7"/>`, words)];
}

/** The dashed limit of a guardrail. */
export const MARGIN_ENTRY: Markup = entry(
    html`<line class="margin" x1="17" x2="17" y1="0" y2="14"/>`,
    'worst change the plan tolerates',
);

/** The marks only segments have. */
export const SEGMENT_ENTRIES: Markup = html`${entry(
    html`<line class="reference" x1="17" x2="17" y1="0" y2="14"/>`,
    'all segments together',
)}${entry(html`<circle class="shrunken" cx="17" cy="7" r="5"/>`, 'estimate pulled towards the others')}`;

function entry(picture: Markup, words: string): Markup {
    return html`<li><svg viewBox="0 0 34 14" aria-hidden="true">${picture}</svg>${words}</li>`;
}
