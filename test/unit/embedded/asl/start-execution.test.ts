import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createExecutionStore } from '#embedded/asl/execution-store.ts';
import { executionTree } from '#embedded/asl/execution-tree.ts';
import { loadMachine } from '#embedded/asl/load.ts';
import { startExecution } from '#embedded/asl/start-execution.ts';
import { fn, named, single } from './run-machine.ts';

let folder: string;
beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'executions-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const definition = JSON.stringify(single({ Type: 'Task', Resource: fn('f') }));
const machine = loadMachine(definition, { name: 'ingest' });

describe('startExecution', () => {
    it('runs the machine once and keeps what happened', async () => {
        const store = createExecutionStore(folder);
        let calls = 0;
        const options = {
            machine,
            name: 'a1',
            input: { n: 1 },
            tasks: () => async () => ++calls,
        };

        const first = startExecution(store, options);
        const second = startExecution(store, options);

        expect([first.created, second.created]).toEqual([true, false]);
        expect(await second.done).toMatchObject({ status: 'RUNNING' });
        expect(await first.done).toMatchObject({ status: 'SUCCEEDED', output: 1, id: first.execution.id });
        expect(store.get('a1')).toEqual(await first.done);
        expect(calls).toBe(1);
        expect(store.events('a1').at(-1)?.type).toBe('ExecutionSucceeded');
    });

    it('keeps error and cause of a failure', async () => {
        const store = createExecutionStore(folder);
        const tasks = () => () => Promise.reject(named('DataError', 'too few rows'));

        const { done } = startExecution(store, { machine, name: 'a1', input: {}, tasks });

        expect(await done).toMatchObject({ status: 'FAILED', error: 'DataError' });
        expect(store.get('a1')?.cause).toContain('too few rows');
    });

    it('records an execution that could not be run as failed', async () => {
        const store = createExecutionStore(folder);
        const input = 'x'.repeat(300_000);

        const { done } = startExecution(store, { machine, name: 'a1', input, tasks: () => undefined });

        await expect(done).rejects.toThrow('has 300002 bytes');
        expect(store.get('a1')).toMatchObject({ status: 'FAILED', cause: expect.stringContaining('300002 bytes') });
    });

    it('of one name in several processes runs once; a killed one reads as aborted, its history stays readable', async () => {
        const script = `
            import { createExecutionStore } from '#embedded/asl/execution-store.ts';
            import { loadMachine } from '#embedded/asl/load.ts';
            import { startExecution } from '#embedded/asl/start-execution.ts';
            const machine = loadMachine(${JSON.stringify(definition)}, { name: 'ingest' });
            const store = createExecutionStore(${JSON.stringify(folder)});
            const wait = () => new Promise((resolve) => setTimeout(resolve, 60_000));
            const { created } = startExecution(store, { machine, name: 'a1', input: {}, tasks: () => wait });
            setTimeout(() => console.log(created ? 'created' : 'existing'), 50);
            setTimeout(() => {}, 60_000);
        `;
        const children = [0, 1, 2].map(() => spawn(process.execPath, ['--input-type=module', '-e', script]));
        try {
            const said = await Promise.all(
                children.map(async ({ stdout }) => String((await once(stdout, 'data'))[0]).trim()),
            );
            const store = createExecutionStore(folder);
            expect(said.toSorted()).toEqual(['created', 'existing', 'existing']);
            expect(store.get('a1')?.status).toBe('RUNNING');

            const owner = children[said.indexOf('created')];
            owner?.kill('SIGKILL');
            if (owner) await once(owner, 'exit');

            expect(store.get('a1')).toMatchObject({ status: 'ABORTED' });
            expect(executionTree(store.events('a1'))?.states[0]).toMatchObject({ name: 'S', status: 'RUNNING' });
        } finally {
            for (const child of children) child.kill('SIGKILL');
        }
    });
});
