// Deploys to the LocalStack that runs: node scripts/deploy-local.ts [--postgres URL] [--stage dev] | --stop-postgres
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { PipelineError, UsageError } from '#core/errors.ts';
import { createPostgresServer } from '#embedded/postgres/server.ts';
import { readOptions, runCommand, say } from '#localstack/command-line.ts';
import { ACCOUNT, clientEnvironment, endpointOf, REGION } from '#localstack/environment.ts';
import { isReady, runningServer } from '#localstack/server.ts';
import { stateFolder } from '#localstack/state.ts';

const state = stateFolder();
const postgres = createPostgresServer({ folder: join(state.root, 'postgres') });

await runCommand(async () => {
    const options = readOptions({
        postgres: { type: 'string' },
        stage: { type: 'string', default: 'dev' },
        'stop-postgres': { type: 'boolean' },
    });
    if (options['stop-postgres']) {
        await postgres.stop();
        return say('The PostgreSQL of the deployment is stopped; its data stays.');
    }
    const server = await runningServer(state);
    if (server === undefined || !(await isReady(server.port))) {
        throw new UsageError('LocalStack does not run. Start it: npm run localstack:up');
    }
    const url = options.postgres ?? (await ownPostgres());
    const context = ['-c', 'target=localstack', '-c', `stage=${options.stage}`, '-c', `databaseUrl=${url}`];
    const cdk = (...command: string[]) => run([...command, ...context], clientEnvironment(server.port));
    // LocalStack forgets when it stops, so this is done each time; it takes a second when there is nothing to do.
    cdk('bootstrap', `aws://${ACCOUNT}/${REGION}`);
    // Not into the project: two state folders may be deployed from at once.
    cdk('deploy', '--all', '--require-approval', 'never', '--output', join(state.root, 'cdk.out'));
    say(`Deployed. Put files into cartlake-${options.stage}-landing-${ACCOUNT}-${REGION} below landing/:`);
    say(`    endpoint   ${endpointOf(server.port)} (settings for clients: eval "$(node localstack/status.ts --env)")`);
    say(`    marts in   ${url}`);
});

/** A server beside LocalStack, left running for the functions and for people until --stop-postgres. */
async function ownPostgres(): Promise<string> {
    await postgres.keep();
    const lease = await postgres.acquire();
    await lease.release();
    return lease.url;
}

function run(command: readonly string[], env: NodeJS.ProcessEnv): void {
    const cdk = join(import.meta.dirname, '..', 'node_modules', '.bin', 'cdk');
    const { status } = spawnSync(cdk, command, { cwd: join(import.meta.dirname, '..'), env, stdio: 'inherit' });
    if (status !== 0) throw new PipelineError(`cdk ${command[0]} failed; what it says stands above.`);
}
