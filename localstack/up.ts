// Starts LocalStack without Docker: node localstack/up.ts [--port 4566]
import { UsageError } from '#core/errors.ts';
import { readOptions, runCommand, say } from './command-line.ts';
import { DEFAULT_PORT, endpointOf, parsePort } from './environment.ts';
import { ensureInstalled } from './install.ts';
import { withLock } from './lock.ts';
import { isReady, requireFreePort, runningServer, startServer, stopServer } from './server.ts';
import { type StateFolder, stateFolder } from './state.ts';

await runCommand(async () => {
    const { port: option } = readOptions({ port: { type: 'string' } });
    const port = option === undefined ? portFromEnvironment() : parsePort(option, '--port');
    const state = stateFolder();
    await withLock(state, () => up(state, port));
});

function portFromEnvironment(): number {
    const text = process.env.CARTLAKE_LOCALSTACK_PORT;
    return text ? parsePort(text, 'CARTLAKE_LOCALSTACK_PORT') : DEFAULT_PORT;
}

async function up(state: StateFolder, port: number): Promise<void> {
    const running = await runningServer(state);
    if (running !== undefined && (await isReady(running.port))) {
        if (running.port === port) return say(`LocalStack runs already at ${endpointOf(port)}`);
        throw new UsageError(`LocalStack runs on port ${running.port} already. Stop it first: npm run localstack:down`);
    }
    // One that hangs, or what a killed one left.
    await stopServer(state);
    await requireFreePort(port);
    await ensureInstalled(state, say);
    const began = performance.now();
    await startServer(state, port);
    say(`LocalStack runs at ${endpointOf(port)} (ready after ${((performance.now() - began) / 1000).toFixed(1)} s)`);
    say('Settings for clients: eval "$(node localstack/status.ts --env)"');
}
