import { stripVTControlCharacters } from 'node:util';
import { paint } from './style.ts';

/** A column's heading; numbers stand right. */
export interface TableColumn {
    readonly heading: string;
    readonly align?: 'left' | 'right';
}

/** Rows below their headings, columns two spaces apart. Cells may be coloured; they must be one line. */
export function table(columns: readonly TableColumn[], rows: readonly (readonly string[])[]): string[] {
    const widths = columns.map(({ heading }, index) =>
        rows.reduce((most, row) => Math.max(most, width(row[index] ?? '')), width(heading)),
    );
    const line = (cells: readonly string[]) =>
        columns
            .map(({ align }, index) => padded(cells[index] ?? '', widths[index] as number, align))
            .join('  ')
            .trimEnd();
    const headings = line(columns.map(({ heading }) => heading));
    return [paint('dim', headings), ...rows.map(line)];
}

/** A Markdown table whose source is aligned too. */
export function markdownTable(headings: readonly string[], rows: readonly (readonly string[])[]): string[] {
    const all = [headings, ...rows];
    const widths = headings.map((_, index) => Math.max(3, ...all.map((row) => width(row[index] ?? ''))));
    const line = (cells: readonly string[]) =>
        `| ${widths.map((size, index) => padded(cells[index] ?? '', size)).join(' | ')} |`;
    return [line(headings), `| ${widths.map((size) => '-'.repeat(size)).join(' | ')} |`, ...rows.map(line)];
}

/** At most so many characters, the last one an ellipsis where it was cut. */
export function shortened(text: string, most: number): string {
    return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

function padded(text: string, size: number, align: TableColumn['align'] = 'left'): string {
    const gap = ' '.repeat(Math.max(0, size - width(text)));
    return align === 'right' ? gap + text : text + gap;
}

/** Columns a text takes: colours none, letters of Chinese, Japanese and Korean and emoji two. */
function width(text: string): number {
    const plain = stripVTControlCharacters(text);
    const wide = plain.match(
        /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]|\p{Emoji_Presentation}/gu,
    );
    return [...plain].length + (wide?.length ?? 0);
}
