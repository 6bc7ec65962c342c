// Prints whether LocalStack runs, or with --env the settings for its clients: node localstack/status.ts [--env]
import { readOptions, runCommand, say } from './command-line.ts';
import { clientVariables, endpointOf } from './environment.ts';
import { processesOf, residentMiB } from './processes.ts';
import { isReady, runningServer } from './server.ts';
import { stateFolder } from './state.ts';

await runCommand(async () => {
    const { env } = readOptions({ env: { type: 'boolean' } });
    const state = stateFolder();
    const server = await runningServer(state);
    if (server === undefined) {
        console.error(`LocalStack does not run (${state.root}). Start it: npm run localstack:up`);
        process.exitCode = 1;
    } else if (env) {
        for (const [name, value] of Object.entries(clientVariables(server.port))) say(`export ${name}=${value}`);
    } else {
        const pids = await processesOf(server.id);
        const memory = await residentMiB(pids);
        say(`${(await isReady(server.port)) ? 'ready' : 'not answering'} at ${endpointOf(server.port)}`);
        say(
            `since ${server.startedAt}, process ${server.pid} and ${pids.length - 1} more${memory ? `, ${memory} MiB` : ''}`,
        );
        say(`state in ${state.root}, log ${state.log}`);
    }
});
