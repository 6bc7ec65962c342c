import type { IsoDate } from '../types.ts';
import { effectiveObjects } from './inputs.ts';
import type { PreparedModel } from './model-build.ts';
import type { BatchLimits } from './ports.ts';

/** Enough to keep an engine on this machine busy, few enough to bound its memory. */
const LOCAL_LIMITS: BatchLimits = { rows: 2_000_000, dates: Number.POSITIVE_INFINITY };

/** Splits the stale dates of a by_date model into what the engine takes at once. */
export function batchesOf(
    prepared: Pick<PreparedModel, 'inputs' | 'stale'>,
    limits: BatchLimits = LOCAL_LIMITS,
): IsoDate[][] {
    const rows = inputRowsByDate(prepared);
    const batches: IsoDate[][] = [];
    let batchRows = 0;
    for (const date of [...prepared.stale].sort()) {
        const dateRows = rows.get(date) ?? 0;
        const isFull = batchRows + dateRows > limits.rows || batches.at(-1)?.length === limits.dates;
        if (isFull || batches.length === 0) {
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
