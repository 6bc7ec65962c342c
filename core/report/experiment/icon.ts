import type { Markup } from '../markup.ts';
import { html } from '../markup.ts';
import type { Tone } from './words.ts';

/** What an icon stands for: the tone of a statement, or a check that was not made. */
export type IconName = Tone | 'not_checked' | 'waiting';

/** Different shapes, so that meaning survives without colour. */
const SHAPES: Readonly<Record<IconName, Markup>> = {
    ok: html`<circle cx="12" cy="12" r="9"/><path d="M8 12.5l2.7 2.7L16 9.5"/>`,
    caution: html`<path d="M12 3.5L2.5 20.5h19z"/><path d="M12 10v4.5M12 17.6v.1"/>`,
    alert: html`<path d="M8 2.8h8L21.2 8v8L16 21.2H8L2.8 16V8z"/><path d="M9 9l6 6M15 9l-6 6"/>`,
    info: html`<circle cx="12" cy="12" r="9"/><path d="M12 11v5.5M12 7.5v.1"/>`,
    waiting: html`<circle cx="12" cy="12" r="9"/><path d="M12 6.8V12l3.4 2.2"/>`,
    not_checked: html`<circle cx="12" cy="12" r="9" stroke-dasharray="3 3"/><path d="M8.5 12h7"/>`,
};

/** An icon in the colour of the text around it; the words beside it say the same. */
export function icon(name: IconName): Markup {
    return html`<svg class="icon ${name}" viewBox="0 0 24 24" aria-hidden="true">${SHAPES[name]}</svg>`;
}
