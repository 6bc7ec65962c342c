import type { Contract } from '../contracts/contract.ts';
import { matchHeader } from '../contracts/match.ts';
import { explainMismatch } from '../contracts/mismatch.ts';
import { ContractError } from '../errors.ts';
import type { IngestContext } from '../pipeline.ts';
import type { FileFormat, Probed } from './format.ts';
import { HEAD_BYTES, sniff } from './sniff.ts';

/** How a file is to be read and which of its headings bring which column. */
export interface Probe extends Probed {
    readonly mapping: Readonly<Record<string, readonly string[]>>;
    readonly extra: readonly string[];
}

/**
 * Looks at the head of a landed file and fits it to its contract.
 * Throws ContractError with a readable diff when the file does not fit.
 */
export async function probe(
    context: Pick<IngestContext, 'reader' | 'stager'>,
    contract: Contract,
    path: string,
): Promise<Probe> {
    const { bytes, compression } = await context.reader.head(path, HEAD_BYTES);
    const {
        format: sniffed,
        encoding,
        blankBytes,
    } = sniff(bytes, (headings) => matchHeader(contract, headings).mapping.size);
    if (sniffed.kind === 'parquet' && compression === 'gzip') {
        throw new ContractError(
            'The file is Parquet inside gzip: Parquet is compressed already. Send the Parquet file itself.',
        );
    }
    const format: FileFormat =
        sniffed.kind === 'parquet' ? { kind: 'parquet', columns: await context.stager.parquetColumns(path) } : sniffed;
    const match = matchHeader(contract, format.columns);
    if (!match.acceptable) throw new ContractError(explainMismatch(contract, match));
    const varies = format.kind === 'ndjson' || format.kind === 'json_array';
    const mapping = contract.columns.map(({ name, aliases }) => {
        const heading = match.mapping.get(name);
        // Keys may differ from one JSON object to the next, so every known spelling is looked up.
        const headings = [...(heading === undefined ? [] : [heading]), ...(varies ? [name, ...aliases] : [])];
        return [name, [...new Set(headings)]] as const;
    });
    return { format, compression, encoding, blankBytes, mapping: Object.fromEntries(mapping), extra: match.extra };
}
