import type { TablePart, TableVersion } from '#core/catalog/version.ts';
import { sealVersion } from '#core/catalog/version.ts';
import type { Contract, ContractColumn } from '#core/contracts/contract.ts';
import { contractFingerprint } from '#core/contracts/fingerprint.ts';
import { type LedgerEntry, ledgerId, type StagedObject } from '#core/ledger/entry.ts';
import type { RegisteredObject } from '#core/registry/registry.ts';
import type { ObjectRef } from '#core/types.ts';

/** One column of a contract: an optional text unless told otherwise. */
export function aColumn(name: string, overrides: Partial<ContractColumn> = {}): ContractColumn {
    return {
        name,
        type: 'varchar',
        description: '',
        required: false,
        aliases: [],
        valueAliases: {},
        allowedValues: undefined,
        minimum: undefined,
        maximum: undefined,
        ...overrides,
    };
}

/** A contract of orders by date, with its true fingerprint. */
export function aContract(overrides: Partial<Omit<Contract, 'fingerprint'>> = {}): Contract {
    const contract = {
        dataset: 'orders',
        version: '1.0.0',
        purpose: 'Orders of a shop.',
        columns: [
            aColumn('order_id', { type: 'bigint', required: true }),
            aColumn('ordered_at', { type: 'timestamp', required: true }),
            aColumn('status'),
            aColumn('total', { type: 'decimal(18,2)' }),
        ],
        rowIdentity: 'key',
        key: ['order_id'],
        load: 'append',
        schemaPolicy: 'evolve',
        dateColumn: 'ordered_at',
        versionColumn: undefined,
        filePatterns: ['orders*.csv'],
        parameters: {},
        ...overrides,
    } satisfies Omit<Contract, 'fingerprint'>;
    return { ...contract, fingerprint: contractFingerprint(contract) };
}

/** Contracts by dataset. */
export function contractsOf(...contracts: readonly Contract[]): ReadonlyMap<string, Contract> {
    return new Map(contracts.map((contract) => [contract.dataset, contract]));
}

export function anObject(overrides: Partial<ObjectRef> = {}): ObjectRef {
    return { bucket: 'lake', key: 'landing/orders/orders.csv', version: 'v1', ...overrides };
}

/** What Stage left for an object with some accepted rows by date. */
export function aStagedObject(
    dates: Record<string, number> = { '2026-01-01': 2 },
    overrides: Partial<StagedObject> = {},
): StagedObject {
    const accepted = Object.values(dates).reduce((sum, rows) => sum + rows, 0);
    const newest = Object.keys(dates).sort().at(-1);
    return {
        contractVersion: '1.0.0',
        contractFingerprint: aContract().fingerprint,
        rows: { read: accepted, accepted, rejected: 0 },
        reasons: {},
        files: accepted > 0 ? ['staging/orders/part-0.parquet'] : [],
        quarantine: undefined,
        dates,
        newest: newest && `${newest}T12:00:00.000Z`,
        extraColumns: [],
        ...overrides,
    };
}

export function anEntry(overrides: Partial<LedgerEntry> = {}): LedgerEntry {
    const object = overrides.object ?? anObject();
    return {
        id: ledgerId(object),
        object,
        dataset: 'orders',
        state: 'received',
        size: 10,
        landedAt: '2026-01-01T00:00:00.000Z',
        receivedAt: '2026-01-01T00:00:01.000Z',
        updatedAt: '2026-01-01T00:00:01.000Z',
        attempt: 1,
        ...overrides,
    };
}

/** An object as builds see it. */
export function aRegisteredObject(
    id: string,
    dates: Record<string, number> = { '2026-01-01': 2 },
    overrides: Partial<RegisteredObject> = {},
): RegisteredObject {
    const { contractFingerprint: fingerprint, files, newest, rows } = aStagedObject(dates);
    return {
        id,
        key: `landing/orders/${id}.csv`,
        landedAt: '2026-01-01T00:00:00.000Z',
        contractFingerprint: fingerprint,
        files,
        dates,
        rows: rows.accepted,
        newest,
        shards: [...new Set(Object.keys(dates).map((date) => date.slice(0, 7)))],
        ...overrides,
    };
}

export function aPart(hash: string, overrides: Partial<TablePart> = {}): TablePart {
    return { file: `marts/m/${hash}.parquet`, rows: 1, bytes: 100, hash, inputs: `inputs of ${hash}`, ...overrides };
}

/** A sealed version of a table. */
export function aVersion(overrides: Partial<Parameters<typeof sealVersion>[0]> = {}): TableVersion {
    return sealVersion({
        model: 'm',
        run: 'build-1-1',
        builtAt: '2026-01-02T00:00:00.000Z',
        columns: [{ name: 'id', type: 'bigint' }],
        parts: { all: aPart('a') },
        ...overrides,
    });
}
