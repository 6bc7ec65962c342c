import { describe, expect, it } from 'vitest';
import type { ExecutionEvent } from '#core/execution/execution-log.ts';
import { executionTree } from '#embedded/asl/execution-tree.ts';
import { renderTree } from '#embedded/asl/render-tree.ts';
import { fn, named, runMachine, single } from './run-machine.ts';
import { virtualClock } from './virtual-clock.ts';

const stage = { Type: 'Task', Resource: fn('stage'), End: true };
const machine = {
    StartAt: 'Plan',
    States: {
        Plan: { Type: 'Task', Resource: fn('plan'), Retry: [{ ErrorEquals: ['TransientError'] }], Next: 'Levels' },
        Levels: {
            Type: 'Map',
            ItemProcessor: {
                StartAt: 'Both',
                States: {
                    Both: {
                        Type: 'Parallel',
                        Branches: [
                            { StartAt: 'Stage', States: { Stage: stage } },
                            { StartAt: 'Pause', States: { Pause: { Type: 'Wait', Seconds: 90, End: true } } },
                        ],
                        Next: 'Sum',
                    },
                    Sum: { Type: 'Pass', End: true },
                },
            },
            Catch: [{ ErrorEquals: ['DataError'], Next: 'Report' }],
            Next: 'Report',
        },
        Report: { Type: 'Pass', End: true },
    },
};

function handlers(fails: (payload: unknown) => boolean) {
    const clock = virtualClock();
    let plans = 0;
    const plan = async () => {
        if (++plans <= 2) throw named('TransientError');
        return [1, 2];
    };
    const stage = async (payload: unknown, { signal }: { signal: AbortSignal }) => {
        await clock.sleep(1250, signal);
        if (fails(payload)) throw named('DataError', 'row 7\nis no date');
        return payload;
    };
    return { clock, tasks: { plan, stage } };
}

async function treeOf(
    definition: object,
    run: Parameters<typeof runMachine>[2],
    input: Parameters<typeof runMachine>[1] = {},
) {
    const tree = executionTree((await runMachine(definition, input, run)).events);
    if (!tree) throw new Error('no tree');
    return tree;
}

describe('executionTree', () => {
    it('nests iterations and branches, counts attempts, measures time', async () => {
        const tree = await treeOf(
            machine,
            handlers(() => false),
        );

        expect(tree).toMatchObject({ status: 'SUCCEEDED', startedAt: '2026-01-01T00:00:00.000Z', duration: 93_000 });
        expect(tree.states.map((node) => [node.name, node.type, node.status, node.attempts, node.duration])).toEqual([
            ['Plan', 'Task', 'SUCCEEDED', 3, 3000],
            ['Levels', 'Map', 'SUCCEEDED', 1, 90_000],
            ['Report', 'Pass', 'SUCCEEDED', 0, 0],
        ]);
        const iterations = tree.states[1]?.iterations ?? [];
        expect(iterations.map(({ index, status, duration }) => [index, status, duration])).toEqual([
            [0, 'SUCCEEDED', 90_000],
            [1, 'SUCCEEDED', 90_000],
        ]);
        expect(iterations[1]?.states.map((node) => node.name)).toEqual(['Both', 'Sum']);
        expect(
            iterations[1]?.states[0]?.iterations.map(({ index, status, duration }) => [index, status, duration]),
        ).toEqual([
            [0, 'SUCCEEDED', 1250],
            [1, 'SUCCEEDED', 90_000],
        ]);
        expect(tree.states[0]?.error).toBeUndefined();
    });

    it('tells failed, aborted and caught states apart', async () => {
        const tree = await treeOf(
            machine,
            handlers((payload) => payload === 2),
        );

        expect(renderTree(tree)).toEqual([
            'ok  4.3 s',
            '├─ Plan  ok  3.0 s  2 retries',
            '├─ Levels  caught  1.3 s  DataError: row 7 is no date',
            '│  ├─ [0]  aborted  1.3 s',
            '│  │  └─ Both  aborted  1.3 s',
            '│  │     ├─ [0]  ok  1.3 s',
            '│  │     │  └─ Stage  ok  1.3 s',
            '│  │     └─ [1]  aborted  1.3 s',
            '│  │        └─ Pause  aborted  1.3 s',
            '│  └─ [1]  failed  1.3 s',
            '│     └─ Both  failed  1.3 s  DataError: row 7 is no date',
            '│        ├─ [0]  failed  1.3 s',
            '│        │  └─ Stage  failed  1.3 s  DataError: row 7 is no date',
            '│        └─ [1]  aborted  1.3 s',
            '│           └─ Pause  aborted  1.3 s',
            '└─ Report  ok  0 ms',
        ]);
    });

    it.each<[string, object, string[]]>([
        [
            'a state that fails before its first attempt',
            single({ Type: 'Task', Resource: fn('f'), InputPath: '$.none' }),
            ["S  failed  0 ms  States.Runtime: An error occurred while executing the state 'S'"],
        ],
        [
            'a task that times out',
            single({ Type: 'Task', Resource: fn('f'), TimeoutSeconds: 75 }),
            ['S  timed out  1 min 15 s  States.Timeout'],
        ],
        ['a Fail', { StartAt: 'S', States: { S: { Type: 'Fail', Error: 'E' } } }, ['S  failed  0 ms  E']],
        [
            'an iteration that fails without an event of its state',
            single({
                Type: 'Map',
                ItemsPath: '$.items',
                ItemProcessor: { StartAt: 'I', States: { I: { Type: 'Pass', InputPath: '$.none', End: true } } },
            }),
            ['S  failed  0 ms  States.Runtime', '[0]  failed  0 ms', 'I  failed  0 ms  States.Runtime'],
        ],
        [
            'a branch that fails without an event of its state',
            single({
                Type: 'Parallel',
                Branches: [{ StartAt: 'I', States: { I: { Type: 'Fail', Error: 'E', Cause: 'c' } } }],
            }),
            ['S  failed  0 ms  E: c', '[0]  failed  0 ms', 'I  failed  0 ms  E: c'],
        ],
        [
            'a machine out of time',
            { ...single({ Type: 'Wait', Seconds: 9 }), TimeoutSeconds: 5 },
            ['S  aborted  5.0 s'],
        ],
    ])('shows %s', async (_, definition, lines) => {
        const tree = await treeOf(definition, { tasks: { f: () => new Promise(() => {}) } }, { items: [1] });

        const rendered = renderTree(tree).slice(1);
        expect(rendered).toHaveLength(lines.length);
        for (const [index, line] of lines.entries()) expect(rendered[index]).toContain(line);
    });

    it('shows what runs while it runs', async () => {
        const { events } = await runMachine(
            machine,
            {},
            handlers(() => false),
        );

        const tree = executionTree(events.slice(0, events.findIndex((event) => event.details.name === 'Stage') + 1));

        expect(tree && renderTree(tree)).toEqual([
            'running',
            '├─ Plan  ok  3.0 s  2 retries',
            '└─ Levels  running',
            '   └─ [0]  running',
            '      └─ Both  running',
            '         └─ [0]  running',
            '            └─ Stage  running',
        ]);
    });

    it('forgets the iterations of an attempt that is tried again', async () => {
        let calls = 0;
        const f = async () => {
            if (++calls === 1) throw named('A');
        };
        const definition = single({
            Type: 'Map',
            ItemProcessor: { StartAt: 'I', States: { I: { Type: 'Task', Resource: fn('f'), End: true } } },
            Retry: [{ ErrorEquals: ['A'] }],
        });

        const tree = await treeOf(definition, { tasks: { f } }, [1]);

        expect(renderTree(tree)).toEqual([
            'ok  1.0 s',
            '└─ S  ok  1.0 s  1 retry',
            '   └─ [0]  ok  0 ms',
            '      └─ I  ok  0 ms',
        ]);
    });

    it('reads histories whose Map events follow the last event inside, as LocalStack writes them', () => {
        const lines: readonly (readonly [previous: number, type: string, details?: ExecutionEvent['details']])[] = [
            [0, 'ExecutionStarted'],
            [1, 'MapStateEntered', { name: 'Levels' }],
            [2, 'MapStateStarted'],
            [3, 'MapIterationStarted', { name: 'Levels', index: 0 }],
            [4, 'PassStateEntered', { name: 'First' }],
            [5, 'PassStateExited', { name: 'First' }],
            [6, 'MapIterationSucceeded', { name: 'Levels', index: 0 }],
            [6, 'MapIterationStarted', { name: 'Levels', index: 1 }],
            [8, 'PassStateEntered', { name: 'Second' }],
            [9, 'PassStateExited', { name: 'Second' }],
            [10, 'MapIterationSucceeded', { name: 'Levels', index: 1 }],
            [11, 'MapStateSucceeded'],
            [11, 'MapStateExited', { name: 'Levels' }],
            [13, 'SucceedStateEntered', { name: 'Done' }],
            [14, 'SucceedStateExited', { name: 'Done' }],
            [15, 'ExecutionSucceeded'],
        ];
        const events = lines.map(([previousEventId, type, details = {}], index): ExecutionEvent => {
            return { id: index + 1, previousEventId, type, details, timestamp: '2026-01-01T00:00:00.000Z' };
        });
        const tree = executionTree(events);

        expect(tree?.states.map(({ name, status }) => `${name} ${status}`)).toEqual([
            'Levels SUCCEEDED',
            'Done SUCCEEDED',
        ]);
        expect(tree?.states[0]?.iterations.map(({ status, states }) => [status, states[0]?.name])).toEqual([
            ['SUCCEEDED', 'First'],
            ['SUCCEEDED', 'Second'],
        ]);
    });

    it('keeps Maps apart that run side by side inside of a Map', async () => {
        const { clock } = handlers(() => false);
        const inner = { StartAt: 'One', States: { One: { Type: 'Task', Resource: fn('one'), End: true } } };
        const definition = single({
            Type: 'Map',
            ItemProcessor: {
                StartAt: 'Inner',
                States: { Inner: { Type: 'Map', MaxConcurrency: 1, ItemProcessor: inner, End: true } },
            },
        });

        const one = (seconds: unknown, { signal }: { signal: AbortSignal }) =>
            clock.sleep(Number(seconds) * 1000, signal);
        const tree = await treeOf(definition, { clock, tasks: { one } }, [[1, 2], [2]]);

        expect(renderTree(tree, ({ states: [first] }) => first?.input)).toEqual([
            'ok  3.0 s',
            '└─ S  ok  3.0 s',
            '   ├─ [[1,2]]  ok  3.0 s',
            '   │  └─ Inner  ok  3.0 s',
            '   │     ├─ [1]  ok  1.0 s',
            '   │     │  └─ One  ok  1.0 s',
            '   │     └─ [2]  ok  2.0 s',
            '   │        └─ One  ok  2.0 s',
            '   └─ [[2]]  ok  2.0 s',
            '      └─ Inner  ok  2.0 s',
            '         └─ [2]  ok  2.0 s',
            '            └─ One  ok  2.0 s',
        ]);
    });

    it('has no tree of no events', () => {
        expect(executionTree([])).toBeUndefined();
    });
});
