import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MOST_OBJECTS } from '#core/replay/start-replay.ts';
import { PROJECT_ROOT } from '#embedded/project.ts';
import { named, runPipelineMachine, type Stub } from './run-pipeline-machine.ts';

const OBJECTS = ['a', 'b', 'c'].map((id) => ({ id, attempt: 1, state: 'built' }));
const INPUT = { manifest: 'runs/run-1/manifest.json' };

function run(stubs: Record<string, Stub> = {}, objects: readonly object[] = OBJECTS) {
    const readObject = async ({ bucket, key }: { bucket: string; key: string }) =>
        bucket === 'lake' && key === INPUT.manifest ? JSON.stringify(objects) : undefined;
    const good: Record<string, Stub> = { reread: () => ({ done: true }), request: () => ({ build: 7 }) };
    return runPipelineMachine('replay', INPUT, { ...good, ...stubs }, readObject);
}

describe('a replay', () => {
    it('has each object of its list read again, then asks for one build', async () => {
        const { result, calls } = await run();

        expect(result).toEqual({ status: 'SUCCEEDED', output: { ...INPUT, request: { build: 7 } } });
        expect(calls).toEqual([
            ...OBJECTS.map((object) => ({ stage: 'reread', payload: { replay: 'run-1', object } })),
            { stage: 'request', payload: { replay: 'run-1' } },
        ]);
    });

    it('asks again every few seconds until an object is read', async () => {
        const { stages, seconds } = await run({ reread: (_, call) => ({ done: call > 4 }) }, OBJECTS.slice(0, 1));

        expect(stages).toEqual([...Array(5).fill('reread'), 'request']);
        expect(seconds).toBe(12);
    });

    it('goes on with the others when one cannot be read, and asks for the build', async () => {
        const { result, stages } = await run({
            reread: ({ object }) => {
                if ((object as { id: string }).id === 'b') throw named('PipelineError');
                return { done: true };
            },
        });

        expect(result.status).toBe('SUCCEEDED');
        expect(stages).toEqual(['reread', 'reread', 'reread', 'request']);
    });

    it('has no more than eight objects read at once', async () => {
        const many = Array.from({ length: 30 }, (_, index) => ({ id: String(index), attempt: 1, state: 'built' }));
        const open = new Set<unknown>();
        let most = 0;
        await run(
            {
                reread: ({ object }) => {
                    const { id } = object as { id: string };
                    const done = open.delete(id);
                    if (!done) open.add(id);
                    most = Math.max(most, open.size);
                    return { done };
                },
            },
            many,
        );

        expect(most).toBe(8);
    });

    it('lets as many objects fail as a list may hold', async () => {
        const { States } = JSON.parse(await readFile(join(PROJECT_ROOT, 'statemachines', 'replay.asl.json'), 'utf8'));

        expect(States.Objects.ToleratedFailureCount).toBe(MOST_OBJECTS);
    });

    it('tries again when a function was throttled', async () => {
        const throttled: Stub = (_, call) => {
            if (call === 1) throw named('ThrottledError');
            return { done: true, build: 1 };
        };

        expect((await run({ reread: throttled, request: throttled })).result.status).toBe('SUCCEEDED');
    });

    it('fails without its list, and asks for nothing', async () => {
        const { result, stages } = await runPipelineMachine('replay', INPUT, {}, async () => undefined);

        expect(result).toMatchObject({ status: 'FAILED', error: 'States.ItemReaderFailed' });
        expect(stages).toEqual([]);
    });
});
