import { count, counted } from '../output/numbers.ts';
import { paint } from '../output/style.ts';
import { table } from '../output/table.ts';
import type { ExtractResult } from './extract-all.ts';

/** The results of an extract for a terminal. */
export function extractLines(results: readonly ExtractResult[]): string[] {
    const rows = results.map((result) => [
        result.dataset,
        stateWord(result),
        result.extraction ? count(result.extraction.rows) : '',
        result.entry?.staged ? count(result.entry.staged.rows.accepted) : '',
        result.extraction?.object?.key ?? '',
    ]);
    const columns = [
        { heading: 'dataset' },
        { heading: 'state' },
        { heading: 'rows read', align: 'right' as const },
        { heading: 'accepted', align: 'right' as const },
        { heading: 'landed as' },
    ];
    return [...table(columns, rows), ...results.flatMap(detailLines)];
}

export function extractDocument({ dataset, extraction, entry, problem }: ExtractResult): object {
    return {
        dataset,
        state: problem === undefined ? (extraction?.outcome ?? 'failed') : 'failed',
        rows: extraction?.rows ?? null,
        bytes: extraction?.bytes ?? null,
        landed: extraction?.object?.key ?? null,
        object: entry?.id ?? null,
        accepted: entry?.staged?.rows.accepted ?? null,
        rejected: entry?.staged?.rows.rejected ?? null,
        why: problem ?? null,
    };
}

function stateWord({ extraction, problem }: ExtractResult): string {
    if (problem !== undefined || extraction === undefined) return paint('red', 'failed');
    return extraction.outcome === 'landed' ? paint('green', 'landed') : extraction.outcome;
}

function detailLines({ dataset, extraction, entry, problem }: ExtractResult): string[] {
    if (problem !== undefined) return ['', `${paint('red', 'failed')}  ${dataset}: ${problem}`];
    if (extraction?.outcome === 'empty') {
        return ['', `${dataset} has no rows there: nothing was landed, and what is known of it stays.`];
    }
    const rejected = entry?.staged?.rows.rejected ?? 0;
    return rejected === 0 ? [] : ['', `${counted(rejected, 'row')} of ${dataset} in quarantine: cartlake quarantine`];
}
