import type { StagedParts } from '#core/ledger/entry.ts';
import { count } from './output/numbers.ts';
import { paint, printable } from './output/style.ts';
import { shortened } from './output/table.ts';

const MOST_SHOWN = 10;
const WIDEST_REASON = 200;

/** The files of an archive that could not be read, each with its reason; nothing when all could. */
export function partLines(file: string, parts: StagedParts | undefined): string[] {
    if (parts === undefined || parts.rejected === 0) return [];
    const shown = parts.examples.slice(0, MOST_SHOWN);
    const more = parts.rejected - shown.length;
    return [
        `${paint('yellow', `${count(parts.rejected)} of ${count(parts.read + parts.rejected)} files`)} in ${file} cannot be read:`,
        ...shown.map(
            ({ name, reason }) => `  ${printable(name)}: ${shortened(printable(firstLine(reason)), WIDEST_REASON)}`,
        ),
        ...(more > 0 ? [`  and ${count(more)} more`] : []),
    ];
}

function firstLine(text: string): string {
    return text.split('\n')[0] ?? '';
}
