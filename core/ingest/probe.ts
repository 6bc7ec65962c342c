import type { Contract } from '../contracts/contract.ts';
import { type HeaderMatch, matchHeader } from '../contracts/match.ts';
import { explainMismatch } from '../contracts/mismatch.ts';
import { ContractError } from '../errors.ts';
import type { IngestContext } from '../pipeline.ts';
import type { FileFormat, Probed } from './format.ts';
import { HEAD_BYTES, requireFew, sniff } from './sniff.ts';

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
    requireFew(format.columns);
    const match = matchHeader(contract, format.columns);
    if (!match.acceptable) throw new ContractError(explainMismatch(contract, match));
    const varies = format.kind === 'ndjson' || format.kind === 'json_array';
    return {
        format,
        compression,
        encoding,
        blankBytes,
        mapping: mappingOf(contract, match, varies),
        extra: match.extra,
    };
}

/**
 * Which headings bring which column. `varies`: keys may differ from one row to the next, as in JSON; then every known
 * spelling is looked up.
 */
export function mappingOf(contract: Contract, match: HeaderMatch, varies: boolean): Probe['mapping'] {
    const mapping = contract.columns.map(({ name, aliases }) => {
        const heading = match.mapping.get(name);
        const headings = [...(heading === undefined ? [] : [heading]), ...(varies ? [name, ...aliases] : [])];
        return [name, [...new Set(headings)]] as const;
    });
    return Object.fromEntries(mapping);
}
