import type { Contract } from '#core/contracts/contract.ts';
import { sourceVariable } from '#core/contracts/source.ts';
import { closest } from '#core/contracts/spelling.ts';
import { UsageError } from '#core/errors.ts';
import { requireSource } from '#core/extract/extract.ts';

/** A dataset and where to read it. */
export interface ExtractSource {
    readonly contract: Contract;
    readonly url: string;
}

/**
 * What to extract: the datasets named, or all whose contract names a database. `from` is a URL for all of them;
 * without it each server has a variable of the environment.
 *
 * @throws UsageError when a dataset does not exist or has no database, or a URL is missing
 */
export function extractSources(
    names: readonly string[],
    contracts: ReadonlyMap<string, Contract>,
    from: string | undefined,
    environment: Readonly<Record<string, string | undefined>>,
): ExtractSource[] {
    return extractedContracts(names, contracts).map((contract) => {
        const { server } = requireSource(contract);
        const variable = sourceVariable(server);
        const url = from ?? environment[variable];
        if (url !== undefined && url !== '') return { contract, url };
        throw new UsageError(
            `Where is the database of ${contract.dataset}? Set ${variable} to its URL (postgres://reader:password@host:5432/shop), ` +
                `or name it here: cartlake extract ${contract.dataset} --from postgres://...`,
        );
    });
}

/**
 * Contracts of the datasets named, or of all that have a database.
 *
 * @throws UsageError when a dataset does not exist, or none has a database
 */
export function extractedContracts(names: readonly string[], contracts: ReadonlyMap<string, Contract>): Contract[] {
    const wanted =
        names.length > 0
            ? [...new Set(names)].map((name) => contractOf(name, contracts))
            : [...contracts.values()].filter(({ source }) => source !== undefined);
    if (wanted.length > 0) return wanted;
    throw new UsageError('No contract names a database to extract from (docs/contracts.md, "Databases").');
}

/** Whether somebody says here where a database is: an option, or a variable of the environment. */
export function knowsSources(
    from: string | undefined,
    environment: Readonly<Record<string, string | undefined>>,
): boolean {
    return from !== undefined || Object.keys(environment).some((name) => /^CARTLAKE_SOURCE_.+_URL$/.test(name));
}

function contractOf(name: string, contracts: ReadonlyMap<string, Contract>): Contract {
    const contract = contracts.get(name);
    if (contract) return contract;
    const meant = closest(name, contracts.keys());
    throw new UsageError(
        `There is no dataset "${name}"${meant === undefined ? '' : `; did you mean ${meant}?`} There is: ${[...contracts.keys()].join(', ')}.`,
    );
}
