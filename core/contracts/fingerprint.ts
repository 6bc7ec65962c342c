import { createHash } from 'node:crypto';
import type { Contract } from './contract.ts';
import { normalHeading } from './heading.ts';

/**
 * SHA-256 (hex) of what decides how a file of the dataset is staged, in a canonical form: the order of aliases and of
 * allowed values does not count, the order of columns and of the key does. Version, texts, file patterns and
 * parameters are left out.
 */
export function contractFingerprint(contract: Omit<Contract, 'fingerprint'>): string {
    const staged = [
        contract.dataset,
        contract.columns.map((column) => [
            column.name,
            column.type,
            column.required,
            column.aliases.map(normalHeading).sort(),
            Object.entries(column.valueAliases).sort(([a], [b]) => (a < b ? -1 : 1)),
            column.allowedValues?.toSorted() ?? null,
            column.minimum ?? null,
            column.maximum ?? null,
        ]),
        contract.key,
        contract.load,
        contract.schemaPolicy,
        contract.dateColumn ?? null,
        contract.versionColumn ?? null,
        ...(contract.rowIdentity === 'key' ? [] : [contract.rowIdentity]),
    ];
    return createHash('sha256').update(JSON.stringify(staged)).digest('hex');
}
