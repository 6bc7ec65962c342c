import { createHash } from 'node:crypto';
import { BatchDeleteTableCommand, CreateTableCommand, GetTablesCommand, type GlueClient } from '@aws-sdk/client-glue';
import type { BlobStore } from '#core/store/ports.ts';
import type { Column } from '#core/types.ts';
import { ask, nameOf } from '../aws/failure.ts';
import { type ListedTable, putFileList, tableInput } from './table-input.ts';

/** Tables that queries of builds read from: one for each list of files that is read. */
export interface WorkTables {
    /** A table over these files, made where it is missing. Returns its quoted name. */
    over(name: string, columns: readonly Column[], files: readonly string[]): Promise<string>;
}

export interface WorkTablesPlace {
    readonly database: string;
    /** `s3://bucket` */
    readonly lakeUri: string;
}

/** The same files and columns make the same table, however often and by however many builds it is asked for. */
export function createWorkTables(
    client: GlueClient,
    blobs: BlobStore,
    { database, lakeUri }: WorkTablesPlace,
): WorkTables {
    return {
        async over(relation, columns, files) {
            const name = `${relation}_${hashOf({ columns, files })}`;
            const table: ListedTable = { name, columns, files, place: `query-inputs/${name}` };
            await putFileList(blobs, lakeUri, table);
            const create = new CreateTableCommand({ DatabaseName: database, TableInput: tableInput(lakeUri, table) });
            await ask({ action: 'glue:CreateTable', on: `${database}.${name}` }, () =>
                client.send(create).catch((error: unknown) => {
                    if (nameOf(error) !== 'AlreadyExistsException') throw error;
                }),
            );
            return `"${database}"."${name}"`;
        },
    };
}

/** The most one BatchDeleteTable takes, and one page of GetTables has. */
const TABLES_AT_ONCE = 100;

/** Removes all work tables. Only when nothing is being built: their queries would fail. */
export async function removeWorkTables(client: GlueClient, database: string): Promise<number> {
    const names: string[] = [];
    let NextToken: string | undefined;
    do {
        const list = new GetTablesCommand({ DatabaseName: database, MaxResults: TABLES_AT_ONCE, NextToken });
        const page = await ask({ action: 'glue:GetTables', on: database }, () => client.send(list));
        for (const { Name } of page.TableList ?? []) if (Name !== undefined) names.push(Name);
        NextToken = page.NextToken;
    } while (NextToken !== undefined);
    for (let start = 0; start < names.length; start += TABLES_AT_ONCE) {
        const TablesToDelete = names.slice(start, start + TABLES_AT_ONCE);
        await ask({ action: 'glue:BatchDeleteTable', on: database }, () =>
            client.send(new BatchDeleteTableCommand({ DatabaseName: database, TablesToDelete })),
        );
    }
    return names.length;
}

function hashOf(value: unknown): string {
    return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 24);
}
