import type { Contract, ContractColumn, LoadMode, RowIdentity } from './contract.ts';
import { type Complain, type CustomValue, choice, textList, textMap } from './custom.ts';
import type { Path } from './document.ts';
import { shown } from './problem.ts';

/** Custom properties of a dataset. */
export const DATASET_PROPERTIES: readonly string[] = [
    'loadMode',
    'rowIdentity',
    'schemaPolicy',
    'filePatterns',
    'versionColumn',
    'parameters',
];

export type DatasetSettings = Pick<
    Contract,
    'rowIdentity' | 'schemaPolicy' | 'filePatterns' | 'versionColumn' | 'parameters'
> & {
    readonly load: LoadMode | undefined;
};

/** What the dataset's custom properties say; `load` is undefined only after a complaint. */
export function datasetSettings(
    custom: ReadonlyMap<string, CustomValue>,
    columns: readonly ContractColumn[],
    path: Path,
    complain: Complain,
): DatasetSettings {
    const load = choice(
        custom.get('loadMode'),
        ['append', 'upsert', 'replace', 'snapshot'],
        undefined,
        { path, name: 'loadMode' },
        complain,
    );
    const policy = choice(
        custom.get('schemaPolicy'),
        ['strict', 'evolve'],
        'strict',
        { path, name: 'schemaPolicy' },
        complain,
    );
    return {
        load,
        rowIdentity: rowIdentity(custom.get('rowIdentity'), load, path, complain),
        schemaPolicy: policy ?? 'strict',
        filePatterns: filePatterns(custom.get('filePatterns'), path, complain),
        versionColumn: versionColumn(custom.get('versionColumn'), load, columns, complain),
        parameters: parameters(custom.get('parameters'), complain),
    };
}

function rowIdentity(
    custom: CustomValue | undefined,
    load: LoadMode | undefined,
    path: Path,
    complain: Complain,
): RowIdentity {
    const found = choice(custom, ['key', 'content'], 'key', { path, name: 'rowIdentity' }, complain) ?? 'key';
    if (found === 'content' && (load === 'upsert' || load === 'snapshot')) {
        complain(custom?.path ?? path, {
            expected: 'rowIdentity content only with loadMode append or replace',
            found: `loadMode ${load}`,
            next: 'Rows without a key replace nothing: mark the key, or change the load mode',
        });
    }
    return found;
}

function filePatterns(custom: CustomValue | undefined, path: Path, complain: Complain): string[] {
    const patterns = textList(custom, complain);
    if (patterns.length === 0) {
        complain(custom?.path ?? path, {
            expected: 'filePatterns: at least one pattern',
            found: 'none',
            next: 'Add `- {property: filePatterns, value: ["orders*.csv"]}` to the customProperties of the schema',
        });
    }
    for (const [index, pattern] of patterns.entries()) {
        // A pattern without a letter or digit takes every file; a folder in it matches none.
        if (/[\p{L}\p{N}]/u.test(pattern) && !/[\\/]/.test(pattern)) continue;
        complain([...(custom?.path ?? path), index], {
            expected: 'a pattern of a file name, without folders, such as "orders*.csv"',
            found: shown(pattern),
            next: 'Correct it; a .gz after the name is matched by itself',
        });
    }
    return patterns;
}

function versionColumn(
    custom: CustomValue | undefined,
    load: LoadMode | undefined,
    columns: readonly ContractColumn[],
    complain: Complain,
): string | undefined {
    if (custom === undefined) return undefined;
    const column = columns.find(({ name }) => name === custom.value);
    if (column === undefined || !['timestamp', 'date', 'bigint'].includes(column.type)) {
        const expected = 'the name of a timestamp, date or integer column';
        complain(custom.path, { expected, found: shown(custom.value), next: 'Correct `versionColumn`' });
    } else if (load !== undefined && load !== 'upsert') {
        const next = 'Remove it, or change the load mode';
        complain(custom.path, { expected: 'versionColumn only with loadMode upsert', found: `loadMode ${load}`, next });
    }
    return column?.name;
}

function parameters(custom: CustomValue | undefined, complain: Complain): Readonly<Record<string, string>> {
    return Object.fromEntries(textMap(custom, complain));
}
