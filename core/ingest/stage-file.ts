import type { Contract } from '../contracts/contract.ts';
import type { IngestContext } from '../pipeline.ts';
import type { Lineage } from './ports.ts';
import { probe } from './probe.ts';
import { rowsOf, type StagedRows } from './staged-rows.ts';

export type StageFileContext = Pick<IngestContext, 'reader' | 'stager' | 'maxFileBytes'>;

/** A file on this machine and what its rows are to say of it. */
export interface FileToStage {
    readonly path: string;
    readonly contract: Contract;
    readonly lineage: Lineage;
    /** Folder of its own that receives what is written. */
    readonly folder: string;
}

/** Types the rows of one file. Throws ContractError when it cannot be read under its contract. */
export async function stageFile(context: StageFileContext, file: FileToStage): Promise<StagedRows> {
    const { contract, folder, lineage } = file;
    const { mapping, extra, ...probed } = await probe(context, contract, file.path);
    const isPlain = probed.compression === 'none' && probed.encoding === 'utf-8' && probed.blankBytes === 0;
    const path = isPlain ? file.path : await context.reader.plain(file.path, probed, folder, context.maxFileBytes);
    const sourceVersion =
        contract.rowIdentity === 'content' ? await context.reader.version(path) : lineage.sourceVersion;
    const result = await context.stager.stage({
        path,
        format: probed.format,
        contract,
        mapping,
        extra,
        folder,
        lineage: { ...lineage, sourceVersion },
    });
    return rowsOf(result, extra);
}
