import type { IsoDate } from '../types.ts';
import { effectiveObjects } from './inputs.ts';
import type { PreparedModel } from './model-build.ts';

/** Input rows a batch of dates may have: enough to keep the engine busy, few enough to bound its memory. */
const ROWS_PER_BATCH = 2_000_000;

/** Splits the stale dates of a by_date model so that memory does not grow with history. */
export function batchesOf(prepared: Pick<PreparedModel, 'inputs' | 'stale'>): IsoDate[][] {
    const rows = inputRowsByDate(prepared);
    const batches: IsoDate[][] = [];
    let batchRows = Number.POSITIVE_INFINITY;
    for (const date of [...prepared.stale].sort()) {
        const dateRows = rows.get(date) ?? 0;
        if (batchRows + dateRows > ROWS_PER_BATCH) {
            batches.push([]);
            batchRows = 0;
        }
        (batches.at(-1) as IsoDate[]).push(date);
        batchRows += dateRows;
    }
    return batches;
}

function inputRowsByDate({ inputs }: Pick<PreparedModel, 'inputs'>): Map<IsoDate, number> {
    const rows = new Map<IsoDate, number>();
    const add = (date: IsoDate, count: number) => rows.set(date, (rows.get(date) ?? 0) + count);
    for (const input of inputs.values()) {
        if (input.kind === 'dataset') {
            for (const object of effectiveObjects(input.contract, input.objects)) {
                for (const [date, count] of Object.entries(object.dates)) add(date, count);
            }
        } else if (input.kind === 'table' && input.byDate) {
            for (const [date, part] of Object.entries(input.version?.parts ?? {})) add(date, part.rows);
        }
    }
    return rows;
}
