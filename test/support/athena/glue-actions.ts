import type { TableInput } from '@aws-sdk/client-glue';
import { type Action, ServiceError } from './service-error.ts';

/** Tables by database and name; `version` counts their updates. */
export type GlueTables = Map<string, { readonly input: TableInput; readonly version: number }>;

interface Input {
    readonly DatabaseName: string;
    readonly Name: string;
    readonly TableInput: TableInput;
    readonly VersionId?: string;
    readonly TablesToDelete: readonly string[];
    readonly NextToken?: string;
}

const TABLES_A_PAGE = 2;

export function createGlueActions(): { tables: GlueTables; actions: Record<string, Action> } {
    const tables: GlueTables = new Map();
    const find = (key: string) => {
        const table = tables.get(key);
        if (!table) throw new ServiceError('EntityNotFoundException', `${key} not found`);
        return table;
    };
    const actions = {
        GetTable({ DatabaseName, Name }: Input) {
            const { input, version } = find(`${DatabaseName}.${Name}`);
            return { Table: { ...input, VersionId: String(version) } };
        },
        CreateTable({ DatabaseName, TableInput }: Input) {
            const key = `${DatabaseName}.${TableInput.Name}`;
            if (tables.has(key)) throw new ServiceError('AlreadyExistsException');
            tables.set(key, { input: TableInput, version: 0 });
            return {};
        },
        UpdateTable({ DatabaseName, TableInput, VersionId }: Input) {
            const key = `${DatabaseName}.${TableInput.Name}`;
            const { version } = find(key);
            if (VersionId !== undefined && VersionId !== String(version)) {
                throw new ServiceError('ConcurrentModificationException');
            }
            tables.set(key, { input: TableInput, version: version + 1 });
            return {};
        },
        GetTables({ DatabaseName, NextToken }: Input) {
            const names = [...tables.keys()].filter((key) => key.startsWith(`${DatabaseName}.`));
            const start = Number(NextToken ?? 0);
            const end = start + TABLES_A_PAGE;
            const TableList = names.slice(start, end).map((key) => tables.get(key)?.input);
            return { TableList, ...(end < names.length && { NextToken: String(end) }) };
        },
        BatchDeleteTable({ DatabaseName, TablesToDelete }: Input) {
            for (const name of TablesToDelete) tables.delete(`${DatabaseName}.${name}`);
            return {};
        },
    };
    return { tables, actions };
}
