import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { AthenaClient } from '@aws-sdk/client-athena';
import { GlueClient } from '@aws-sdk/client-glue';
import { createAthenaActions, type FakeQuery } from './athena-actions.ts';
import type { Executor } from './executor.ts';
import { createGlueActions, type GlueTables } from './glue-actions.ts';
import { type Action, ServiceError } from './service-error.ts';

/** Athena and Glue on 127.0.0.1, for the SDK's own clients. */
export interface QueryServices {
    readonly athena: AthenaClient;
    readonly glue: GlueClient;
    readonly queries: ReadonlyMap<string, FakeQuery>;
    readonly tables: GlueTables;
    /** Names of the actions that were asked for. */
    readonly asked: string[];
    /** Called before an action; what it throws is the answer. */
    before: (action: string) => void | Promise<void>;
    close(): Promise<void>;
}

export async function startQueryServices(executor: Executor): Promise<QueryServices> {
    const glueActions = createGlueActions();
    const athenaActions = createAthenaActions(executor);
    const actions = new Map<string, Action>(Object.entries({ ...athenaActions.actions, ...glueActions.actions }));
    const asked: string[] = [];
    const server = createServer(async (request, response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(chunk as Buffer);
        const name = String(request.headers['x-amz-target']).split('.').at(-1) ?? '';
        const answer = (status: number, body: object) => {
            response.writeHead(status, {
                'content-type': 'application/x-amz-json-1.1',
                'x-amzn-requestid': randomUUID(),
            });
            response.end(JSON.stringify(body));
        };
        try {
            asked.push(name);
            await services.before(name);
            const action = actions.get(name);
            if (!action) throw new ServiceError('UnknownOperationException', name);
            answer(200, await action(JSON.parse(Buffer.concat(chunks).toString() || '{}') as never));
        } catch (error) {
            const { name: type, message, status = 500 } = error as ServiceError;
            answer(status, { __type: type, message });
        }
    });
    const options = {
        endpoint: await listen(server),
        region: 'eu-central-1',
        credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
        maxAttempts: 1,
    };
    const services: QueryServices = {
        athena: new AthenaClient(options),
        glue: new GlueClient(options),
        queries: athenaActions.queries,
        tables: glueActions.tables,
        asked,
        before: () => undefined,
        async close() {
            services.athena.destroy();
            services.glue.destroy();
            server.closeAllConnections();
            await new Promise((resolve) => server.close(resolve));
        },
    };
    return services;
}

async function listen(server: Server): Promise<string> {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    return `http://127.0.0.1:${port}`;
}
