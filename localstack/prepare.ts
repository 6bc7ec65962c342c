// Installs LocalStack, without starting it, where that was not done yet: node localstack/prepare.ts
import { readOptions, runCommand, say } from './command-line.ts';
import { ensureInstalled } from './install.ts';
import { withLock } from './lock.ts';
import { stateFolder } from './state.ts';

await runCommand(async () => {
    readOptions({});
    const state = stateFolder();
    await withLock(state, () => ensureInstalled(state, say));
    say(`LocalStack is installed in ${state.venv}`);
});
