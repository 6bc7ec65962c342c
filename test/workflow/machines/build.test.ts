import { describe, expect, it } from 'vitest';
import { named, runPipelineMachine, type Stub } from './run-pipeline-machine.ts';

const BUILT = { done: true, waitSeconds: 0, changed: true, rows: 1, parts: 1 };

const GOOD: Record<string, Stub> = {
    plan: () => ({ ready: true, components: [[['a', 'b'], ['c']], [['d']]], models: 4, unpublished: 0 }),
    build: () => BUILT,
    check: () => ({ passed: 1, warned: 0 }),
    promote: () => ({ version: 'v' }),
    halt: ({ model }) => ({ model }),
    publish: () => ({ marts: 1, inserted: 2, updated: 0, deleted: 0 }),
    report: () => ({ pages: 1 }),
    finish: () => ({ objects: 1, halted: [] }),
};

const run = (stubs: Record<string, Stub> = {}) =>
    runPipelineMachine('build', { build: 'run-1' }, { ...GOOD, ...stubs });

/** Lets others go on. Virtual time stands still meanwhile: a real timer would let it run away. */
async function aWhile(): Promise<void> {
    for (let turn = 0; turn < 200; turn++) await undefined;
}

/** The most calls of Build at once, when Plan returns some components. */
async function mostAtOnce(components: string[][][]) {
    let now = 0;
    let most = 0;
    const { calls } = await run({
        plan: () => ({ ready: true, components, models: components.flat(2).length, unpublished: 0 }),
        build: async () => {
            most = Math.max(most, ++now);
            await aWhile();
            now--;
            return BUILT;
        },
    });
    return { most, calls };
}

const ofModel = (calls: Awaited<ReturnType<typeof run>>['calls'], model: string) =>
    calls.filter(({ payload }) => payload.model === model).map(({ stage }) => stage);

describe('a build', () => {
    it('builds, checks and promotes each model, level by level of its component, then publishes, reports and finishes', async () => {
        const { result, calls, stages } = await run();

        expect(result.status).toBe('SUCCEEDED');
        for (const model of ['a', 'b', 'c', 'd']) {
            expect(ofModel(calls, model)).toEqual(['build', 'check', 'promote']);
        }
        expect(calls[stages.lastIndexOf('build')]?.payload).toEqual({ run: 'run-1', model: 'c' });
        expect(stages.slice(-3)).toEqual(['publish', 'report', 'finish']);
        expect(calls.every(({ payload }) => payload.run === 'run-1')).toBe(true);
        expect(calls[0]?.payload).toEqual({ run: 'run-1', startedAt: expect.stringMatching(/Z$/) });
    });

    it('starts no model of a level before the level above is done', async () => {
        const order: string[] = [];
        await run({
            build: async ({ model }) => {
                order.push(`build ${model}`);
                return BUILT;
            },
            promote: async ({ model }) => {
                if (model === 'a') await aWhile();
                order.push(`promote ${model}`);
                return { version: 'v' };
            },
        });

        expect(order.indexOf('build c')).toBeGreaterThan(order.indexOf('promote a'));
        expect(order.indexOf('build b')).toBeLessThan(order.indexOf('promote a'));
    });

    it('goes through components side by side: none waits for a level of another', async () => {
        const promoted: string[] = [];
        await run({
            plan: () => ({
                ready: true,
                components: [
                    [['a'], ['b']],
                    [['c'], ['d']],
                ],
                models: 4,
                unpublished: 0,
            }),
            build: async ({ model }) => {
                for (let turn = 0; model === 'a' && turn < 10_000 && !promoted.includes('d'); turn++) await undefined;
                return BUILT;
            },
            promote: ({ model }) => {
                promoted.push(String(model));
                return { version: 'v' };
            },
        });

        expect(promoted).toEqual(['c', 'd', 'a', 'b']);
    });

    it('goes through at most four components at once', async () => {
        const { most, calls } = await mostAtOnce(Array.from({ length: 10 }, (_, n) => [[`m${n}`]]));

        expect(most).toBe(4);
        expect(calls.filter(({ stage }) => stage === 'promote')).toHaveLength(10);
    });

    it('plans again every three seconds while files are on their way', async () => {
        const { result, stages, seconds } = await run({
            plan: (_, call) => ({ ready: call === 3, components: [], models: 0, unpublished: 0 }),
        });

        expect(result.status).toBe('SUCCEEDED');
        expect(stages).toEqual(['plan', 'plan', 'plan', 'publish', 'report', 'finish']);
        expect(seconds).toBe(2 * 3);
    });

    it('publishes and finishes also when no model has changed', async () => {
        const { result, stages } = await run({
            plan: () => ({ ready: true, components: [], models: 0, unpublished: 1 }),
        });

        expect(result.status).toBe('SUCCEEDED');
        expect(stages).toEqual(['plan', 'publish', 'report', 'finish']);
    });

    it('neither checks nor promotes a model that turned out unchanged', async () => {
        const { calls } = await run({ build: ({ model }) => ({ ...BUILT, changed: model !== 'a' }) });

        expect(ofModel(calls, 'a')).toEqual(['build']);
        expect(ofModel(calls, 'b')).toEqual(['build', 'check', 'promote']);
    });

    it('asks again, as late as it is told, while an engine elsewhere computes', async () => {
        const { result, calls, seconds } = await run({
            plan: () => ({ ready: true, components: [[['a']]], models: 1, unpublished: 0 }),
            build: (_, call) => ({ ...BUILT, done: call === 4, waitSeconds: call * 2 }),
        });

        expect(result.status).toBe('SUCCEEDED');
        expect(ofModel(calls, 'a')).toEqual(['build', 'build', 'build', 'build', 'check', 'promote']);
        expect(seconds).toBe(2 + 4 + 6);
    });

    it.each(['build', 'check'])(
        'halts a model whose %s finds bad data, goes on with the others and says so',
        async (stage) => {
            const { result, calls, stages } = await run({
                [stage]: (payload, call) => {
                    if (payload.model === 'a') throw named('DataError', 'rows twice');
                    return GOOD[stage]?.(payload, call);
                },
                finish: () => ({ objects: 1, halted: ['a'] }),
            });

            expect(ofModel(calls, 'a').at(-1)).toBe('halt');
            expect(ofModel(calls, 'a')).not.toContain('promote');
            expect(calls.find((call) => call.stage === 'halt')?.payload).toMatchObject({
                run: 'run-1',
                model: 'a',
                error: { Error: 'DataError' },
            });
            expect(ofModel(calls, 'b')).toEqual(['build', 'check', 'promote']);
            expect(ofModel(calls, 'c')).toEqual(['build', 'check', 'promote']);
            expect(ofModel(calls, 'd')).toEqual(['build', 'check', 'promote']);
            expect(stages.slice(-3)).toEqual(['publish', 'report', 'finish']);
            expect(result).toEqual({
                status: 'FAILED',
                error: 'DataError',
                cause: 'At least one model failed and keeps its last good version; cartlake status names it.',
            });
        },
    );

    it.each(['plan', 'promote', 'publish'])(
        'that %s finds replaced ends quietly and finishes nothing',
        async (stage) => {
            const { result, stages } = await run({
                [stage]: () => {
                    throw named('ConflictError', 'Build run-1 was replaced by build-2-1; nothing to do.');
                },
            });

            expect(result.status).toBe('SUCCEEDED');
            expect(stages).not.toContain('finish');
            expect(stages).not.toContain('report');
            if (stage === 'promote') expect(stages).not.toContain('publish');
        },
    );

    it.each(['plan', 'build', 'check', 'promote', 'publish', 'report', 'finish'])(
        'survives passing trouble in %s',
        async (stage) => {
            const { result, seconds } = await run({
                plan: () => ({ ready: true, components: [[['a']]], models: 1, unpublished: 0 }),
                [stage]: (payload, call) => {
                    if (call <= 3) throw named('TransientError');
                    if (stage === 'plan') return { ready: true, components: [[['a']]], models: 1, unpublished: 0 };
                    return GOOD[stage]?.(payload, call);
                },
            });

            expect(result.status).toBe('SUCCEEDED');
            expect(seconds).toBe(14);
        },
    );

    it.each(['plan', 'build', 'publish', 'finish'])('fails when trouble in %s does not pass', async (stage) => {
        const { result, stages } = await run({
            [stage]: () => {
                throw named('TransientError', 'no connection');
            },
        });

        expect(result).toMatchObject({ status: 'FAILED', error: 'TransientError' });
        expect(result.status === 'FAILED' && result.cause).toContain('no connection');
        if (stage !== 'finish') expect(stages).not.toContain('finish');
    });

    it('builds at most four models of a level at once', async () => {
        const { most } = await mostAtOnce([[Array.from({ length: 10 }, (_, n) => `m${n}`)]]);

        expect(most).toBe(4);
    });
});
