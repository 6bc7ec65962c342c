import { counted } from '../output/numbers.ts';
import type { Output } from '../output/output.ts';
import { printable } from '../output/style.ts';
import { shortened, table } from '../output/table.ts';

/** Rows as they come, with their columns. */
export interface Rows {
    readonly columns: readonly { readonly name: string; readonly type: string }[];
    readonly batches: AsyncIterable<readonly (readonly unknown[])[]>;
}

const WIDEST_CELL = 80;
const NUMERIC = /^(tinyint|smallint|integer|bigint|hugeint|u\w*int\w*|float|real|double.*|decimal.*|numeric.*)$/i;

/** The first rows as an aligned table, with a line that says how many there are. */
export async function tableLines({ columns, batches }: Rows, limit: number): Promise<string[]> {
    const rows: string[][] = [];
    let seen = 0;
    let hasMore = false;
    for await (const batch of batches) {
        for (const row of batch.slice(0, limit - rows.length)) rows.push(row.map(cell));
        seen += batch.length;
        hasMore = seen > limit;
        if (hasMore) break;
    }
    const headings = columns.map(({ name, type }) => ({
        heading: printable(name),
        ...(NUMERIC.test(type) ? { align: 'right' as const } : {}),
    }));
    const total = hasMore
        ? `first ${counted(limit, 'row')}; --limit 0, --csv or --json for all`
        : counted(rows.length, 'row');
    return [...table(headings, rows), `(${total})`];
}

function cell(value: unknown): string {
    return shortened(printable(textOf(value)), WIDEST_CELL);
}

function textOf(value: unknown): string {
    if (value === null || value === undefined) return '';
    return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** All rows as CSV (RFC 4180 with line feeds): null is empty, an empty text is quoted. */
export async function writeCsv(output: Output, { columns, batches }: Rows): Promise<void> {
    await output.write(`${columns.map(({ name }) => quoted(name)).join(',')}\n`);
    for await (const batch of batches) {
        await output.write(batch.map((row) => `${row.map(csvField).join(',')}\n`).join(''));
    }
}

function csvField(value: unknown): string {
    if (value === null || value === undefined) return '';
    const text = textOf(value);
    return text === '' ? '""' : quoted(text);
}

function quoted(text: string): string {
    return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** All rows as one JSON array of objects. */
export async function writeJson(output: Output, { columns, batches }: Rows): Promise<void> {
    const names = uniqueNames(columns.map(({ name }) => name));
    let separator = '[';
    for await (const batch of batches) {
        for (const row of batch) {
            const entries = row.map((value, index) => [names[index] as string, value] as const);
            await output.write(`${separator}\n  ${JSON.stringify(Object.fromEntries(entries))}`);
            separator = ',';
        }
    }
    await output.write(separator === '[' ? '[]\n' : '\n]\n');
}

/** `count`, `count_2`: an object holds each name once. */
function uniqueNames(names: readonly string[]): string[] {
    const seen = new Map<string, number>();
    return names.map((name) => {
        const times = (seen.get(name) ?? 0) + 1;
        seen.set(name, times);
        return times === 1 ? name : `${name}_${times}`;
    });
}
