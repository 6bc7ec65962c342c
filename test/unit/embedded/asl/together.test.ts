import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { invoke } from '#embedded/asl/states/invoke.ts';
import { together } from '#embedded/asl/states/together.ts';
import { fn, runMachine, single } from './run-machine.ts';
import { virtualClock } from './virtual-clock.ts';

describe('together', () => {
    it('is no success when it was stopped between two jobs', async () => {
        const stop = new AbortController();
        const started: number[] = [];
        const job = async (index: number) => {
            started.push(index);
            stop.abort(new Error('stopped'));
            return index;
        };

        await expect(together(3, 1, stop.signal, job)).rejects.toThrow('stopped');
        expect(started).toEqual([0]);
    });
});

describe('invoke', () => {
    it('leaves no timer and no listener behind', async () => {
        const clock = virtualClock();
        const { signal } = new AbortController();
        const execution = { clock, deadline: undefined };

        await invoke(async () => 1, { timeout: 900, execution, signal });
        await expect(
            invoke(() => Promise.reject(new Error('no')), { timeout: 900, execution, signal }),
        ).rejects.toThrow('no');

        expect(clock.pending()).toBe(0);
        expect(getEventListeners(signal, 'abort')).toEqual([]);
    });
});

describe('the timer of an execution', () => {
    it('ends with it', async () => {
        const clock = virtualClock();

        await runMachine({ ...single({ Type: 'Pass' }), TimeoutSeconds: 900 }, {}, { clock });

        expect(clock.pending()).toBe(0);
    });
});

describe('a group whose result cannot be used', () => {
    const task = { StartAt: 'T', States: { T: { Type: 'Task', Resource: fn('f'), End: true } } };

    it.each([
        ['Map', { Type: 'Map', ItemProcessor: task }],
        ['Parallel', { Type: 'Parallel', Branches: [task] }],
    ])('%s succeeded all the same', async (type, state) => {
        const machine = single({ ...state, ResultSelector: { 'a.$': '$.none' } });

        const { result, events } = await runMachine(machine, [1], { tasks: { f: async () => 1 } });

        expect(result).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
        expect(events.slice(-2).map((event) => event.type)).toEqual([`${type}StateSucceeded`, 'ExecutionFailed']);
    });
});
