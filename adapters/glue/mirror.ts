import {
    CreateTableCommand,
    GetTableCommand,
    type GlueClient,
    type Table,
    type TableInput,
    UpdateTableCommand,
} from '@aws-sdk/client-glue';
import type { CatalogMirror } from '#core/catalog/mirror.ts';
import { filesOf, type TableVersion } from '#core/catalog/version.ts';
import { TransientError } from '#core/errors.ts';
import type { BlobStore } from '#core/store/ports.ts';
import { ask, nameOf } from '../aws/failure.ts';
import { type ListedTable, putFileList, tableInput } from './table-input.ts';
import { removeWorkTables } from './work-tables.ts';

export interface GlueMirrorPlace {
    /** Database of the tables people read. */
    readonly database: string;
    /** Database of the tables that queries of builds read. */
    readonly workDatabase: string;
    /** `s3://bucket` */
    readonly lakeUri: string;
}

/** Says which version a table shows. */
const VERSION = 'cartlake_version';
const MOST_TRIES = 5;
/** Somebody else was faster; what the pointer says now is to be read again. */
const OVERTAKEN = new Set(['AlreadyExistsException', 'ConcurrentModificationException', 'VersionMismatchException']);

/** Glue tables that show the current version of each model: one call changes what readers see, for all dates at once. */
export function createGlueMirror(client: GlueClient, blobs: BlobStore, place: GlueMirrorPlace): CatalogMirror {
    const { database, lakeUri } = place;
    const on = (model: string) => `${database}.${model}`;

    async function find(model: string): Promise<Table | undefined> {
        const get = new GetTableCommand({ DatabaseName: database, Name: model });
        return ask({ action: 'glue:GetTable', on: on(model) }, () =>
            client.send(get).then(
                ({ Table: found }) => found,
                (error: unknown) => {
                    if (nameOf(error) !== 'EntityNotFoundException') throw error;
                    return undefined;
                },
            ),
        );
    }

    /** Whether it was written; false when somebody else wrote first. */
    async function write(model: string, input: TableInput, found: Table | undefined): Promise<boolean> {
        const table = { DatabaseName: database, TableInput: input };
        const send = async () => {
            if (found === undefined) await client.send(new CreateTableCommand(table));
            else await client.send(new UpdateTableCommand({ ...table, VersionId: found.VersionId, SkipArchive: true }));
            return true;
        };
        const action = found === undefined ? 'glue:CreateTable' : 'glue:UpdateTable';
        return ask({ action, on: on(model) }, () =>
            send().catch((error: unknown) => {
                if (OVERTAKEN.has(nameOf(error))) return false;
                throw error;
            }),
        );
    }

    return {
        async show(model, current) {
            for (let tries = 0; tries < MOST_TRIES; tries++) {
                const version = await current();
                if (version === undefined) return;
                const found = await find(model);
                if (found?.Parameters?.[VERSION] === version.id) return;
                const table = listedVersion(version);
                await putFileList(blobs, lakeUri, table);
                if (await write(model, tableInput(lakeUri, table), found)) return;
            }
            throw new TransientError(`${on(model)} changed ${MOST_TRIES} times while it was written. Try again.`);
        },
        tidy: async () => {
            await removeWorkTables(client, place.workDatabase);
        },
    };
}

function listedVersion({ model, id, columns, parts, rows, builtAt }: TableVersion): ListedTable {
    return {
        name: model,
        description: `Version ${id} of ${model}, built ${builtAt}`,
        columns,
        files: Object.values(parts).flatMap(filesOf),
        // A place for each version: a query that runs goes on reading the list it found.
        place: `mirror/${model}/${id}`,
        parameters: { [VERSION]: id, recordCount: String(rows) },
    };
}
