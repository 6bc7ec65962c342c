import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { PipelineError } from '#core/errors.ts';
import type { StateFolder } from '#localstack/state.ts';

/**
 * Runs a CDK command on the LocalStack that this process's environment names. Its app is synthesised into the state
 * folder, not into the project: two state folders may be deployed from at once.
 *
 * @throws PipelineError when it fails; what it says stands on the terminal by then
 */
export function runCdk(
    state: StateFolder,
    command: readonly string[],
    context: { readonly stage: string; readonly databaseUrl: string },
): void {
    const root = join(import.meta.dirname, '..');
    const chosen = Object.entries({ target: 'localstack', ...context }).flatMap(([key, value]) => [
        '-c',
        `${key}=${value}`,
    ]);
    const { status } = spawnSync(
        join(root, 'node_modules', '.bin', 'cdk'),
        [...command, '--output', join(state.root, 'cdk.out'), ...chosen],
        { cwd: root, stdio: 'inherit' },
    );
    if (status !== 0) throw new PipelineError(`cdk ${command[0]} failed; what it says stands above.`);
}
