import { expect, it } from 'vitest';
import { systemClock } from '#embedded/asl/clock.ts';
import { createExecutionStore } from '#embedded/asl/execution-store.ts';
import { loadMachine } from '#embedded/asl/load.ts';
import { createExecutions } from '#embedded/executions.ts';
import { describeExecutions, ENDS_AS_TOLD } from '#test/support/store-contracts/executions.ts';
import { temporaryFolder } from '#test/support/temporary.ts';

async function executionsOfThisProcess(onLastFiles?: () => void) {
    const store = createExecutionStore(await temporaryFolder());
    const executions = createExecutions({
        store,
        machineOf: (name) => loadMachine(ENDS_AS_TOLD, { name }),
        tasks: () => undefined,
        clock: systemClock,
        onLastFiles,
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

it('has room for a file as long as none waits for its turn', async () => {
    const { store, executions } = await executionsOfThisProcess();
    const files = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((name) => `${name}-1`);
    const waited: number[] = [];
    for (const name of files) {
        await executions.room();
        waited.push(store.list({ machine: 'ingest', status: 'RUNNING' }).length);
        await executions.start('ingest', name, { end: 'SUCCEEDED' });
    }
    await executions.idle();

    expect(waited.slice(0, 5)).toEqual([0, 1, 2, 3, 4]);
    for (const running of waited) expect(running).toBeLessThanOrEqual(4);
});

it('tells when a build waits for the last two files', async () => {
    const left: string[][] = [];
    const files = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `${name}-1`);
    const { store, executions } = await executionsOfThisProcess(() =>
        left.push(files.filter((name) => store.get(`ingest/${name}`)?.status !== 'SUCCEEDED')),
    );
    for (const name of files.slice(0, 5)) await executions.start('ingest', name, { end: 'SUCCEEDED' });
    await executions.start('build', 'build-1', { end: 'SUCCEEDED' });
    await executions.start('ingest', 'f-1', { end: 'SUCCEEDED' });
    await executions.idle();

    expect(left.length).toBeGreaterThan(0);
    for (const names of left) expect(names.length).toBeLessThanOrEqual(2);
});

it('tells nothing when no build waits', async () => {
    let times = 0;
    const { executions } = await executionsOfThisProcess(() => {
        times += 1;
    });
    for (const name of ['a-1', 'b-1', 'c-1']) await executions.start('ingest', name, { end: 'SUCCEEDED' });
    await executions.idle();

    expect(times).toBe(0);
});
