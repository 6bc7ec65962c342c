import { describe, expect, it } from 'vitest';
import { escapeMarkdown, html } from '#core/report/markup.ts';

describe('markup', () => {
    it('escapes whatever is put into it', () => {
        expect(html`<td title="${'"&'}">${"<b>'"}</td>`.markup).toBe('<td title="&quot;&amp;">&lt;b&gt;&#39;</td>');
    });

    it('keeps markup that was made by itself, alone and in lists', () => {
        const cell = html`<i>${'<'}</i>`;

        expect(html`${cell}${[cell, cell]}${null}${7}`.markup).toBe('<i>&lt;</i><i>&lt;</i><i>&lt;</i>7');
    });

    it('replaces control characters, which no document may hold', () => {
        expect(html`${'a\u0000b\u001bc'}`.markup).toBe('a b c');
    });

    it('escapes what Markdown would read as its own', () => {
        expect(escapeMarkdown('a|b\n[c](d) <e> *f* `g`')).toBe('a\\|b \\[c\\](d) &lt;e&gt; \\*f\\* \\`g\\`');
    });
});
