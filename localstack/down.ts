// Stops LocalStack and everything it started: node localstack/down.ts
import { readOptions, runCommand, say } from './command-line.ts';
import { withLock } from './lock.ts';
import { stopServer } from './server.ts';
import { stateFolder } from './state.ts';

await runCommand(async () => {
    readOptions({});
    const state = stateFolder();
    const { wasRunning, killed } = await withLock(state, () => stopServer(state));
    if (wasRunning) say('LocalStack is stopped.');
    else
        say(
            killed.length > 0
                ? `LocalStack was gone; ended what it left: ${killed.join(', ')}`
                : 'LocalStack was not running.',
        );
});
