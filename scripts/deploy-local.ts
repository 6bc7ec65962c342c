// Deploys to the LocalStack that runs: node scripts/deploy-local.ts [--postgres URL] [--stage dev] [--sources shop --source-url URL] | --stop-postgres
import { join } from 'node:path';
import { createPostgresServer } from '#embedded/postgres/server.ts';
import { readOptions, runCommand, say } from '#localstack/command-line.ts';
import { ACCOUNT, clientEnvironment, endpointOf, REGION } from '#localstack/environment.ts';
import { requireServer } from '#localstack/server.ts';
import { stateFolder } from '#localstack/state.ts';
import { runCdk } from './cdk.ts';

const state = stateFolder();
const postgres = createPostgresServer({ folder: join(state.root, 'postgres') });

await runCommand(async () => {
    const options = readOptions({
        postgres: { type: 'string' },
        stage: { type: 'string', default: 'dev' },
        sources: { type: 'string' },
        'source-url': { type: 'string' },
        'stop-postgres': { type: 'boolean' },
    });
    if (options['stop-postgres']) {
        await postgres.stop();
        return say('The PostgreSQL of the deployment is stopped; its data stays.');
    }
    const { port } = await requireServer(state);
    const url = options.postgres ?? (await ownPostgres());
    process.env = clientEnvironment(port);
    const context = {
        stage: options.stage,
        databaseUrl: url,
        ...(options.sources && { sources: options.sources }),
        ...(options['source-url'] && { sourceUrl: options['source-url'] }),
    };
    // LocalStack forgets when it stops, so this is done each time; it takes a second when there is nothing to do.
    runCdk(state, ['bootstrap', `aws://${ACCOUNT}/${REGION}`], context);
    runCdk(state, ['deploy', '--all', '--require-approval', 'never'], context);
    say(`Deployed. Put files into cartlake-${options.stage}-landing-${ACCOUNT}-${REGION} below landing/:`);
    say(`    endpoint   ${endpointOf(port)} (settings for clients: eval "$(node localstack/status.ts --env)")`);
    say(`    marts in   ${url}`);
});

/** A server beside LocalStack, left running for the functions and for people until --stop-postgres. */
async function ownPostgres(): Promise<string> {
    await postgres.keep();
    const lease = await postgres.acquire();
    await lease.release();
    return lease.url;
}
