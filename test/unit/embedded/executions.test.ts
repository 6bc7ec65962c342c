import { expect, it } from 'vitest';
import { systemClock } from '#embedded/asl/clock.ts';
import { createExecutionStore } from '#embedded/asl/execution-store.ts';
import { loadMachine } from '#embedded/asl/load.ts';
import { createExecutions } from '#embedded/executions.ts';
import { describeExecutions, ENDS_AS_TOLD } from '#test/support/store-contracts/executions.ts';
import { temporaryFolder } from '#test/support/temporary.ts';

async function executionsOfThisProcess() {
    const store = createExecutionStore(await temporaryFolder());
    const executions = createExecutions({
        store,
        machines: {
            ingest: loadMachine(ENDS_AS_TOLD, { name: 'ingest' }),
            build: loadMachine(ENDS_AS_TOLD, { name: 'build' }),
            replay: loadMachine(ENDS_AS_TOLD, { name: 'replay' }),
        },
        tasks: () => undefined,
        clock: systemClock,
    });
    return { store, executions };
}

describeExecutions('this process', async () => {
    const { executions } = await executionsOfThisProcess();
    return { executions, settle: () => executions.idle() };
});

it('begins a build when all files that arrive together are there, also when one of them cannot be taken in', async () => {
    const { store, executions } = await executionsOfThisProcess();
    let arriveLast = (): void => undefined;
    const last = new Promise<void>((resolve) => {
        arriveLast = resolve;
    });
    const arriving = executions.during(async () => {
        await executions.start('ingest', 'first-1', { end: 'SUCCEEDED' });
        await executions.start('build', 'build-1', { end: 'SUCCEEDED' });
        await last;
        throw new Error('not readable');
    });
    const refused = expect(arriving).rejects.toThrow('not readable');
    await expect.poll(() => store.get('ingest/first-1')?.status).toBe('SUCCEEDED');
    await new Promise((wake) => setTimeout(wake, 20));

    expect(store.get('build/build-1')).toBeUndefined();
    expect(await executions.status('build', 'build-1')).toBe('RUNNING');
    arriveLast();
    await refused;
    await executions.idle();
    expect(store.get('build/build-1')?.status).toBe('SUCCEEDED');
});
