/** A piece of a document that is already safe: made by `html`, never from data directly. */
export interface Markup {
    readonly markup: string;
}

type Piece = Markup | string | number | null | readonly Markup[];

const ENTITIES: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
};

/** Text for HTML or SVG, in elements and in quoted attributes. Control characters become spaces. */
export function escapeHtml(text: string): string {
    return text.replace(/\p{Cc}/gu, ' ').replace(/[&<>"']/g, (c) => ENTITIES[c]!);
}

/** Text for one cell of a Markdown table: no pipes, no line breaks, no HTML, no links, no emphasis. */
export function escapeMarkdown(text: string): string {
    return text
        .replace(/\s+/g, ' ')
        .replace(/[\\`*_[\]|~#]/g, (c) => `\\${c}`)
        .replace(/[&<>]/g, (c) => ENTITIES[c]!);
}

/**
 * Template tag: literal parts are markup, everything put in is escaped unless it came from `html` itself.
 * `null` leaves nothing, a list is joined.
 *
 * @example html`<td>${'<b>'}</td>`.markup === '<td>&lt;b&gt;</td>'
 */
export function html(literal: TemplateStringsArray, ...pieces: readonly Piece[]): Markup {
    let markup = literal[0]!;
    pieces.forEach((piece, index) => {
        markup += render(piece) + literal[index + 1]!;
    });
    return { markup };
}

function render(piece: Piece): string {
    if (piece === null) return '';
    if (typeof piece === 'number') return String(piece);
    if (typeof piece === 'string') return escapeHtml(piece);
    if ('markup' in piece) return piece.markup;
    return piece.map((part) => part.markup).join('');
}
