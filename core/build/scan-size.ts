import type { TableVersion } from '../catalog/version.ts';
import type { Model } from '../models/model.ts';
import { checkVersion } from './check.ts';
import { type BuildContext, buildModel, prepareModel } from './model-build.ts';
import type { BoundInput, Statement, TableEngine } from './ports.ts';

/** What an engine that is paid by bytes would read to build a model from nothing and check it. */
export interface ScanSize {
    readonly model: string;
    readonly queries: number;
    /** Of whole files; an engine reads only the columns a statement names, so this is the most it can be. */
    readonly bytes: number;
    /** The same with at least ten megabytes a query that reads files, as Athena counts. */
    readonly billedBytes: number;
}

const LEAST_BILLED_BYTES = 10 * 1024 * 1024;

/**
 * Adds up the files that the statements of one model read, from the tables and registered objects as they stand; a
 * relation that stands twice in a statement is read twice. `sizeOf` says the bytes of a blob. Nothing is written.
 */
export async function scanSize(
    context: BuildContext,
    model: Model,
    current: TableVersion,
    sizeOf: (key: string) => number,
): Promise<ScanSize> {
    let queries = 0;
    let bytes = 0;
    let billedBytes = 0;
    const count = (read: number) => {
        queries++;
        bytes += read;
        billedBytes += read === 0 ? 0 : Math.max(read, LEAST_BILLED_BYTES);
    };
    const filesSize = (input: BoundInput | undefined) =>
        input?.kind === 'files' ? input.files.reduce((sum, key) => sum + sizeOf(key), 0) : 0;
    const statementSize = ({ inputs, render }: Statement) => {
        let read = 0;
        render((name) => {
            read += filesSize(inputs.get(name));
            return `"${name}"`;
        });
        return read;
    };
    const builds: TableEngine = {
        ...context.engine,
        async build({ statement }) {
            count(statementSize(statement));
            return { columns: current.columns, folder: undefined, parts: [] };
        },
        async rows(statement) {
            count(statementSize(statement));
            return context.engine.rows(statement);
        },
        write: async () => ({ columns: current.columns, folder: undefined, parts: [] }),
    };
    const prepared = await prepareModel(context, model);
    const fromNothing = { ...prepared, current: undefined, stale: [...prepared.fingerprints.keys()], gone: [] };
    await buildModel({ ...context, engine: builds }, fromNothing, 'scan-size');
    // What was written is read once more, to count and hash it.
    if (model.language === 'sql') count(current.bytes);
    const checks: TableEngine = {
        ...context.engine,
        async rows(statement) {
            count(statementSize(statement));
            return [{ failing: 0 }];
        },
    };
    await checkVersion({ ...context, engine: checks }, model, current, undefined);
    return { model: model.name, queries, bytes, billedBytes };
}
