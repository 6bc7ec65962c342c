import type { QuarantinedObject, QuarantinedRow } from '#core/status/quarantine.ts';
import { count, counted } from './output/numbers.ts';
import { paint, printable } from './output/style.ts';
import { shortened, table } from './output/table.ts';
import { partLines } from './part-lines.ts';
import { reasonWords } from './reasons.ts';

const WIDEST_TEXT = 400;

/** Files with rejected rows, and archives with files that could not be read. */
export function objectLines(objects: readonly QuarantinedObject[]): string[] {
    if (objects.length === 0) return ['Quarantine is empty: every row that could be read was accepted.'];
    const rows = objects.map(({ id, dataset, file, rejected, read, reasons }) => [
        id.slice(0, 8),
        dataset,
        file,
        `${count(rejected)} of ${count(read)}`,
        topReasons(reasons),
    ]);
    const columns = [
        { heading: 'object' },
        { heading: 'dataset' },
        { heading: 'file' },
        { heading: 'rejected', align: 'right' as const },
        { heading: 'reasons' },
    ];
    const bad = objects.flatMap(({ file, parts }) => (parts ? ['', ...partLines(file, parts)] : []));
    return [...table(columns, rows), ...bad, '', 'Rows: cartlake quarantine show OBJECT'];
}

function topReasons(reasons: Readonly<Record<string, number>>): string {
    const sorted = Object.entries(reasons).sort(([, a], [, b]) => b - a);
    const shown = sorted.slice(0, 3).map(([reason, rows]) => `${reason} (${count(rows)})`);
    return [...shown, ...(sorted.length > 3 ? [`${sorted.length - 3} more`] : [])].join(', ');
}

/** Rejected rows with where they stand, why, and their text. */
export function rowLines(rows: readonly QuarantinedRow[], total: number, file: string): string[] {
    const lines = rows.flatMap(({ row, reasons, raw }) => [
        `${paint('bold', `row ${count(row)}`)}  ${reasons.map(reasonWords).join('; ')}`,
        `  ${paint('dim', shortened(printable(fieldsOf(raw)), WIDEST_TEXT))}`,
    ]);
    const more = total > rows.length ? `, the first ${rows.length}` : '';
    return [`${counted(total, 'row')} of ${file} in quarantine${more}:`, '', ...lines];
}

/** A record's fields that have a value, `name=value`; a record that could not be cut into fields is its line. */
function fieldsOf(raw: string): string {
    try {
        const parsed: unknown = JSON.parse(raw);
        if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return raw;
        const filled = Object.entries(parsed).filter(([, value]) => value !== null && value !== '');
        return filled.map(([name, value]) => `${name}=${textOf(value)}`).join('  ');
    } catch {
        return raw;
    }
}

function textOf(value: unknown): string {
    return typeof value === 'string' ? value : JSON.stringify(value);
}
