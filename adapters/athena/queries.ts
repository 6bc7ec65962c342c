import {
    type AthenaClient,
    GetQueryExecutionCommand,
    GetQueryResultsCommand,
    StartQueryExecutionCommand,
    StopQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import type { DataRow } from '#core/build/ports.ts';
import { DataError, type PipelineError } from '#core/errors.ts';
import { ask, nameOf } from '../aws/failure.ts';
import { queryFailure } from './failure.ts';
import { dataRows } from './results.ts';

/** How a query is doing, and the bytes it has read so far. */
export type QueryStatus = { readonly scannedBytes: number } & (
    | { readonly state: 'running' }
    | { readonly state: 'succeeded' }
    | { readonly state: 'failed'; readonly error: PipelineError }
);

/** Queries of one workgroup, which says where results go and how much one query may read. */
export interface Queries {
    /** Starts a query and returns its id. The same token and text again start nothing. Throws DataError for bad SQL. */
    start(sql: string, token: string): Promise<string>;
    poll(id: string): Promise<QueryStatus>;
    /** Stopping a query that has ended does nothing. */
    stop(id: string): Promise<void>;
    /** All rows of a query that succeeded. For small results: they are held in memory. */
    rows(id: string): Promise<DataRow[]>;
}

export interface QueriesPlace {
    readonly workgroup: string;
    /** Database of names without one. */
    readonly database: string;
}

export function createQueries(client: AthenaClient, { workgroup, database }: QueriesPlace): Queries {
    return {
        async start(sql, token) {
            const start = new StartQueryExecutionCommand({
                QueryString: sql,
                ClientRequestToken: token,
                WorkGroup: workgroup,
                QueryExecutionContext: { Catalog: 'AwsDataCatalog', Database: database },
            });
            const { QueryExecutionId } = await ask({ action: 'athena:StartQueryExecution', on: workgroup }, () =>
                client.send(start).catch((error: unknown) => {
                    if (nameOf(error) !== 'InvalidRequestException') throw error;
                    throw new DataError(`Athena refuses the statement: ${(error as Error).message}`, { cause: error });
                }),
            );
            return QueryExecutionId as string;
        },
        async poll(id) {
            const { QueryExecution } = await ask({ action: 'athena:GetQueryExecution', on: id }, () =>
                client.send(new GetQueryExecutionCommand({ QueryExecutionId: id })),
            );
            const status = QueryExecution?.Status ?? {};
            const scannedBytes = QueryExecution?.Statistics?.DataScannedInBytes ?? 0;
            if (status.State === 'SUCCEEDED') return { state: 'succeeded', scannedBytes };
            if (status.State === 'FAILED' || status.State === 'CANCELLED') {
                return { state: 'failed', error: queryFailure(id, status), scannedBytes };
            }
            return { state: 'running', scannedBytes };
        },
        async stop(id) {
            await ask({ action: 'athena:StopQueryExecution', on: id }, () =>
                client.send(new StopQueryExecutionCommand({ QueryExecutionId: id })),
            );
        },
        async rows(id) {
            const rows: DataRow[] = [];
            let NextToken: string | undefined;
            do {
                const read = new GetQueryResultsCommand({ QueryExecutionId: id, NextToken });
                const page = await ask({ action: 'athena:GetQueryResults', on: id }, () => client.send(read));
                // The first row of the first page names the columns.
                const data = (page.ResultSet?.Rows ?? []).slice(NextToken === undefined ? 1 : 0);
                rows.push(...dataRows(page.ResultSet?.ResultSetMetadata?.ColumnInfo ?? [], data));
                NextToken = page.NextToken;
            } while (NextToken !== undefined);
            return rows;
        },
    };
}
