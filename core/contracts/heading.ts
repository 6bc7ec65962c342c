import type { ContractColumn } from './contract.ts';
import type { Complain } from './custom.ts';
import type { Path } from './document.ts';
import { shown } from './problem.ts';

/** How headings are compared: without byte order mark, surrounding white space and case. */
export function normalHeading(heading: string): string {
    return heading
        .replace(/^\uFEFF/, '')
        .trim()
        .toLowerCase();
}

/** Complains about a heading that would mean two columns, or one column twice. Columns stand at their place in `path`. */
export function checkHeadings(columns: readonly (ContractColumn | undefined)[], path: Path, complain: Complain): void {
    const ownerOf = new Map<string, string>();
    for (const [index, column] of columns.entries()) {
        if (column === undefined) continue;
        for (const heading of [column.name, ...column.aliases]) {
            const normal = normalHeading(heading);
            const owner = ownerOf.get(normal);
            if (owner !== undefined) {
                complain([...path, index], {
                    expected: 'every name and alias once (case does not count)',
                    found: `${shown(heading)} for ${owner} and for ${column.name}`,
                    next: owner === column.name ? 'Remove one of the two' : 'Decide which column it means',
                });
            }
            ownerOf.set(normal, owner ?? column.name);
        }
    }
}
