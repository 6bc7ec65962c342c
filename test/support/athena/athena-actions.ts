import { randomUUID } from 'node:crypto';
import { type Answer, type Executor, execute, QueryFailed } from './executor.ts';
import { type Action, ServiceError } from './service-error.ts';

/** A query as the fake knows it. */
export interface FakeQuery {
    readonly id: string;
    readonly sql: string;
    readonly token: string | undefined;
    readonly workgroup: string | undefined;
    /** States still to be reported before the result. */
    readonly states: string[];
    stopped: boolean;
    answer: Answer | undefined;
    failure: QueryFailed | undefined;
}

/** What every query reports before it ends. */
const STATES = ['QUEUED', 'RUNNING'];
const ROWS_A_PAGE = 3;

export function createAthenaActions(executor: Executor): {
    queries: Map<string, FakeQuery>;
    actions: Record<string, Action>;
} {
    const queries = new Map<string, FakeQuery>();
    const find = ({ QueryExecutionId }: { QueryExecutionId: string }) => {
        const query = queries.get(QueryExecutionId);
        if (!query)
            throw new ServiceError('InvalidRequestException', `QueryExecution ${QueryExecutionId} was not found`);
        return query;
    };
    const actions = {
        StartQueryExecution({ QueryString, ClientRequestToken, WorkGroup }: Record<string, string>) {
            const known = [...queries.values()].find(({ token }) => token === ClientRequestToken);
            if (known && known.sql !== QueryString) {
                throw new ServiceError('InvalidRequestException', 'Idempotent parameters do not match');
            }
            if (known) return { QueryExecutionId: known.id };
            const query: FakeQuery = {
                id: randomUUID(),
                sql: QueryString as string,
                token: ClientRequestToken,
                workgroup: WorkGroup,
                states: [...STATES],
                stopped: false,
                answer: undefined,
                failure: undefined,
            };
            queries.set(query.id, query);
            return { QueryExecutionId: query.id };
        },
        async GetQueryExecution(input: { QueryExecutionId: string }) {
            const query = find(input);
            const State = query.states.shift() ?? (await end(query));
            const Status = { State, ...reasonOf(query) };
            return {
                QueryExecution: {
                    QueryExecutionId: query.id,
                    Status,
                    Statistics: { DataScannedInBytes: query.answer?.scannedBytes ?? 0 },
                },
            };
        },
        GetQueryResults(input: { QueryExecutionId: string; NextToken?: string }) {
            const { columns = [], rows = [] } = find(input).answer ?? {};
            const header = columns.map(({ name }) => name);
            const all = [header, ...rows];
            const start = Number(input.NextToken ?? 0);
            const page = all.slice(start, start + ROWS_A_PAGE);
            const Rows = page.map((row) => ({
                Data: row.map((text) => (text === null ? {} : { VarCharValue: text })),
            }));
            const ColumnInfo = columns.map(({ name, type }) => ({ Name: name, Type: type }));
            const end = start + ROWS_A_PAGE;
            return {
                ResultSet: { Rows, ResultSetMetadata: { ColumnInfo } },
                ...(end < all.length && { NextToken: String(end) }),
            };
        },
        StopQueryExecution(input: { QueryExecutionId: string }) {
            find(input).stopped = true;
            return {};
        },
    };

    async function end(query: FakeQuery): Promise<string> {
        if (query.failure === undefined && query.answer === undefined) {
            try {
                query.answer = await execute(executor, query.sql);
            } catch (error) {
                query.failure = error instanceof QueryFailed ? error : new QueryFailed((error as Error).message);
            }
        }
        return query.failure?.state ?? 'SUCCEEDED';
    }

    return { queries, actions };
}

function reasonOf({ states, failure }: FakeQuery): object {
    if (states.length > 0 || failure === undefined) return {};
    const { message, athenaError, state } = failure;
    const reason = { StateChangeReason: message };
    return state === 'CANCELLED' ? reason : { ...reason, AthenaError: { ...athenaError, ErrorMessage: message } };
}
