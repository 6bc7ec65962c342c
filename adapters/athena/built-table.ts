import { createHash } from 'node:crypto';
import type { BuiltPart, BuiltTable, DataRow } from '#core/build/ports.ts';
import { WHOLE } from '#core/catalog/version.ts';
import { PipelineError } from '#core/errors.ts';
import type { Column } from '#core/types.ts';
import { PART } from './statements.ts';

/**
 * What UNLOAD wrote below `place`, put together from the list of its files and the measures of its rows.
 *
 * @throws PipelineError when files and measures do not speak of the same parts
 */
export function builtTable(
    columns: readonly Column[],
    place: string,
    files: readonly { key: string; size: number }[],
    measures: readonly DataRow[],
): BuiltTable {
    const byPart = new Map<string, { key: string; size: number }[]>();
    for (const file of files) {
        if (file.size === 0) continue;
        const part = new RegExp(`/${PART}=([^/]+)/`).exec(file.key)?.[1] ?? WHOLE;
        byPart.set(part, [...(byPart.get(part) ?? []), file]);
    }
    const parts: BuiltPart[] = [];
    for (const measure of measures) {
        const part = String(measure.part);
        const [first, ...further] = (byPart.get(part) ?? []).map(({ key }) => key.slice(place.length + 1));
        if (first === undefined) throw mismatch(place, `rows of ${part} without a file`);
        const bytes = (byPart.get(part) ?? []).reduce((sum, { size }) => sum + size, 0);
        byPart.delete(part);
        parts.push({
            part,
            file: first,
            ...(further.length > 0 && { furtherFiles: further }),
            rows: Number(measure.count_rows),
            bytes,
            hash: hashOf(measure),
        });
    }
    // A whole table without rows is written as a file without rows.
    const strangers = [...byPart.keys()].filter((part) => part !== WHOLE);
    if (strangers.length > 0) throw mismatch(place, `files without rows: ${strangers.join(', ')}`);
    return { columns, folder: undefined, parts };
}

function hashOf({ count_rows, sum_1, sum_2, sum_3, sum_4 }: DataRow): string {
    const sums = [count_rows, sum_1, sum_2, sum_3, sum_4].join(' ');
    return createHash('sha256').update(sums).digest('hex').slice(0, 32);
}

function mismatch(place: string, what: string): PipelineError {
    return new PipelineError(
        `What Athena wrote below ${place} does not fit together: ${what}. Build again: cartlake build.`,
    );
}
