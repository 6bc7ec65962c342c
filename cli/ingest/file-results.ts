import type { LedgerEntry } from '#core/ledger/entry.ts';
import { fileNameOf } from '#core/ledger/entry.ts';
import { count, counted } from '../output/numbers.ts';
import { paint } from '../output/style.ts';
import { table } from '../output/table.ts';
import { partLines } from '../part-lines.ts';
import { reasonLines } from '../reasons.ts';

/** What became of one file. */
export interface FileResult {
    readonly name: string;
    readonly entry: LedgerEntry | undefined;
    /** It was in the lake already: nothing was done. */
    readonly known: boolean;
    /** Why it is not in the lake, or not finished. */
    readonly problem: string | undefined;
}

export type FileState = 'accepted' | 'known' | 'rejected' | 'failed';

export function stateOf({ entry, known, problem }: FileResult): FileState {
    if (entry?.state === 'rejected') return 'rejected';
    if (entry === undefined || problem !== undefined || entry.state === 'received') return 'failed';
    return known ? 'known' : 'accepted';
}

/** Why a file has no rows in the lake. */
export function whyNot({ entry, problem }: FileResult): string | undefined {
    if (problem !== undefined) return problem;
    if (entry?.state === 'rejected') return entry.reason;
    if (entry?.state === 'received') return entry.reason ?? 'it was not finished; cartlake ingest takes it up again';
    return undefined;
}

export function fileDocument(result: FileResult): object {
    const { name, entry } = result;
    const staged = entry?.state === 'rejected' ? undefined : entry?.staged;
    return {
        file: name,
        state: stateOf(result),
        dataset: entry?.dataset ?? null,
        object: entry?.id ?? null,
        rows: staged?.rows ?? null,
        reasons: staged?.reasons ?? {},
        extraColumns: staged?.extraColumns ?? [],
        parts: staged?.parts ?? null,
        why: whyNot(result) ?? null,
    };
}

export function fileLines(results: readonly FileResult[]): string[] {
    const rows = results.map((result) => {
        const staged = result.entry?.state === 'rejected' ? undefined : result.entry?.staged;
        const numbers = staged
            ? [staged.rows.read, staged.rows.accepted, staged.rows.rejected].map(count)
            : ['', '', ''];
        return [nameOf(result), result.entry?.dataset ?? '', stateWord(stateOf(result)), ...numbers];
    });
    const columns = [
        { heading: 'file' },
        { heading: 'dataset' },
        { heading: 'state' },
        { heading: 'rows read', align: 'right' as const },
        { heading: 'accepted', align: 'right' as const },
        { heading: 'rejected', align: 'right' as const },
    ];
    return [...table(columns, rows), ...results.flatMap(detailLines)];
}

function nameOf({ name, entry }: FileResult): string {
    return entry ? fileNameOf(entry) : name;
}

function stateWord(state: FileState): string {
    if (state === 'rejected' || state === 'failed') return paint('red', state);
    return state === 'accepted' ? paint('green', state) : state;
}

function detailLines(result: FileResult): string[] {
    const why = whyNot(result);
    const name = nameOf(result);
    if (why !== undefined) {
        const [first = '', ...rest] = why.split('\n');
        return ['', `${paint('red', stateOf(result))}  ${name}: ${first}`, ...rest.map((line) => `  ${line}`)];
    }
    const { rows, reasons, extraColumns, parts } = result.entry?.staged ?? {};
    const lines: string[] = [];
    if (rows && rows.rejected > 0 && !result.known) {
        lines.push('', `${paint('yellow', counted(rows.rejected, 'row'))} of ${name} in quarantine:`);
        lines.push(...reasonLines(reasons ?? {}).map((line) => `  ${line}`));
    }
    const bad = result.known ? [] : partLines(name, parts);
    if (bad.length > 0) lines.push('', ...bad);
    if (extraColumns && extraColumns.length > 0 && !result.known) {
        lines.push('', `${name} has columns the contract does not name (kept in _extra): ${extraColumns.join(', ')}`);
    }
    return lines;
}
