import { filesToRead } from '../catalog/version.ts';
import type { Contract } from '../contracts/contract.ts';
import type { ModelHeader } from '../models/model.ts';
import type { Column, IsoDate, IsoInstant } from '../types.ts';
import { type DateRange, isWithin, rangesOf } from './dates.ts';
import { effectiveObjects, type Input } from './inputs.ts';
import type { BoundInput } from './ports.ts';

const LINEAGE_COLUMNS: readonly Column[] = [
    { name: '_extra', type: 'varchar' },
    { name: '_source_uri', type: 'varchar' },
    { name: '_source_version', type: 'varchar' },
    { name: '_source_row', type: 'bigint' },
    { name: '_landed_at', type: 'timestamp' },
    { name: '_ingested_at', type: 'timestamp' },
    { name: '_run_id', type: 'varchar' },
    { name: '_contract_version', type: 'varchar' },
];

/** Columns of a staged dataset. */
export function stagedColumns(contract: Contract): readonly Column[] {
    return [...contract.columns.map(({ name, type }) => ({ name, type })), ...LINEAGE_COLUMNS];
}

/**
 * Binds an input to the rows a model may see. With `dates`, a by_date input is narrowed to the window that these
 * output dates can depend on; without, it is bound whole.
 */
export function bindInput(
    input: Input,
    model: Pick<ModelHeader, 'lookback' | 'lookahead'>,
    dates: readonly IsoDate[] | undefined,
): BoundInput {
    if (input.kind === 'values') return input;
    const ranges = dates && rangesOf(dates, model.lookback, model.lookahead);
    return input.kind === 'dataset' ? bindDataset(input, ranges) : bindTable(input, ranges);
}

function bindDataset(input: Extract<Input, { kind: 'dataset' }>, ranges: readonly DateRange[] | undefined): BoundInput {
    const objects = effectiveObjects(input.contract, input.objects);
    const columns = stagedColumns(input.contract);
    const column = input.contract.dateColumn;
    const uniform = new Set(objects.map(({ contractFingerprint }) => contractFingerprint)).size <= 1;
    if (column === undefined || ranges === undefined) {
        return { kind: 'files', files: objects.flatMap(({ files }) => files), uniform, columns, narrow: undefined };
    }
    const touched = objects.filter((object) => Object.keys(object.dates).some((date) => isWithin(date, ranges)));
    const all = touched.every((object) => Object.keys(object.dates).every((date) => isWithin(date, ranges)));
    return {
        kind: 'files',
        files: touched.flatMap(({ files }) => files),
        uniform,
        columns,
        narrow: all ? undefined : { column, ranges },
    };
}

/** A by_date table has a file a date, so narrowing is choosing files. */
function bindTable(
    { byDate, version }: Extract<Input, { kind: 'table' }>,
    ranges: readonly DateRange[] | undefined,
): BoundInput {
    const isAsked = byDate && ranges ? (date: IsoDate) => isWithin(date, ranges) : undefined;
    return {
        kind: 'files',
        files: version ? filesToRead(version, isAsked) : [],
        uniform: true,
        columns: version?.columns ?? [],
        narrow: undefined,
    };
}

/** The relation behind `ref('watermarks')`. */
export function watermarkRelation(relation: string | undefined, endsAt: IsoInstant | undefined): BoundInput {
    return {
        kind: 'values',
        columns: [
            { name: 'relation', type: 'varchar' },
            { name: 'ends_at', type: 'timestamp' },
        ],
        rows: relation !== undefined && endsAt !== undefined ? [[relation, endsAt]] : [],
    };
}
