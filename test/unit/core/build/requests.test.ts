import { beforeEach, describe, expect, it } from 'vitest';
import { ensureBuilder, finishBuild, readRequests, requestBuild, requireOwner } from '#core/build/requests.ts';
import { ConflictError } from '#core/errors.ts';
import { createFakeExecutions } from '#test/support/fakes/executions.ts';
import { createMemoryControl } from '#test/support/fakes/memory-control.ts';

const aContext = () => ({ control: createMemoryControl(), executions: createFakeExecutions() });

let context: ReturnType<typeof aContext>;

beforeEach(() => {
    context = aContext();
});

const owner = async () => (await readRequests(context.control)).owner;

describe('asking for a build', () => {
    it('starts one, which owns the work', async () => {
        expect(await requestBuild(context)).toBe(1);
        expect(await readRequests(context.control)).toEqual({ requested: 1, built: 0, owner: 'build-1-1' });
        expect(context.executions.started).toEqual(['build/build-1-1']);
        expect(context.executions.inputs.get('build/build-1-1')).toEqual({ build: 'build-1-1' });
    });

    it('joins a build that runs', async () => {
        await requestBuild(context);

        expect([await requestBuild(context), await requestBuild(context)]).toEqual([2, 3]);
        expect(context.executions.started).toEqual(['build/build-1-1']);
    });

    it('counts every one of many requests at once and starts one build', async () => {
        const numbers = await Promise.all(Array.from({ length: 30 }, () => requestBuild(context)));

        expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, n) => n + 1));
        expect((await readRequests(context.control)).requested).toBe(30);
        expect(await owner()).toBe(context.executions.started.at(-1)?.replace('build/', ''));
    });

    it('has nobody build when nothing was asked for', async () => {
        await ensureBuilder(context);

        expect(context.executions.started).toEqual([]);
        expect(await readRequests(context.control)).toEqual({ requested: 0, built: 0, owner: undefined });
    });
});

describe('the end of a build', () => {
    it('covers what was asked before its plan, and no second build follows', async () => {
        await requestBuild(context);
        await requestBuild(context);
        await finishBuild(context, 'build-1-1', 2);

        expect(await readRequests(context.control)).toEqual({ requested: 2, built: 2, owner: undefined });
        expect(context.executions.started).toHaveLength(1);
    });

    it('starts the next build when more was asked for meanwhile', async () => {
        await requestBuild(context);
        await requestBuild(context);
        await finishBuild(context, 'build-1-1', 1);

        expect(context.executions.started).toEqual(['build/build-1-1', 'build/build-2-1']);
        expect(await readRequests(context.control)).toEqual({ requested: 2, built: 1, owner: 'build-2-1' });
    });

    it('can be told twice', async () => {
        await requestBuild(context);
        await requestBuild(context);
        await finishBuild(context, 'build-1-1', 1);
        await finishBuild(context, 'build-1-1', 1);

        expect(await readRequests(context.control)).toEqual({ requested: 2, built: 1, owner: 'build-2-1' });
    });

    it('changes nothing for a build that was replaced', async () => {
        await requestBuild(context);
        context.executions.end('build/build-1-1', 'ABORTED');
        await ensureBuilder(context);
        await finishBuild(context, 'build-1-1', 1);

        expect(await readRequests(context.control)).toEqual({
            requested: 1,
            built: 0,
            owner: 'build-1-2',
            replaced: [{ run: 'build-1-1', status: 'ABORTED' }],
        });
    });

    it('forgets the builds it replaced', async () => {
        await requestBuild(context);
        context.executions.end('build/build-1-1', 'FAILED');
        await ensureBuilder(context);

        expect(await finishBuild(context, 'build-1-2', 1)).toEqual({ requested: 1, built: 1, owner: undefined });
    });

    it('is no error when there never was a request', async () => {
        expect(await finishBuild(context, 'build-1-1', 1)).toEqual({ requested: 0, built: 0, owner: undefined });
    });
});

describe('no wake-up is lost', () => {
    it('when a request arrives at any moment of the end of a build', async () => {
        for (const moment of ['create', 'replace', 'status', 'start'] as const) {
            for (let nth = 1; nth <= 4; nth++) {
                context = aContext();
                await requestBuild(context);
                let left = nth;
                const strike = async () => {
                    if (--left !== 0) return;
                    await requestBuild(context);
                };
                if (moment === 'status') context.executions.afterStatus = strike;
                else if (moment === 'start') context.executions.beforeStart = strike;
                else
                    context.control.beforeWrite = async (_, operation) => (operation === moment ? strike() : undefined);
                const ending = finishBuild(context, 'build-1-1', 1).then(() =>
                    context.executions.end('build/build-1-1', 'SUCCEEDED'),
                );
                await ending;
                const { requested, built, owner: builder } = await readRequests(context.control);
                const isAwake = builder !== undefined && context.executions.started.includes(`build/${builder}`);

                expect(requested <= built || isAwake, `${moment} ${nth}: ${requested} asked, ${built} built`).toBe(
                    true,
                );
            }
        }
    });

    it('when the process dies between becoming the owner and the start', async () => {
        context.executions.beforeStart = () => {
            throw new Error('killed');
        };
        await expect(requestBuild(context)).rejects.toThrow('killed');
        expect(await owner()).toBe('build-1-1');

        context.executions.beforeStart = () => undefined;
        await ensureBuilder(context);
        expect(context.executions.started).toEqual(['build/build-1-2']);
        expect(await owner()).toBe('build-1-2');
    });

    it('when the process dies between counting the request and becoming the owner', async () => {
        let writes = 0;
        context.control.beforeWrite = () => {
            if (++writes === 2) throw new Error('killed');
        };
        await expect(requestBuild(context)).rejects.toThrow('killed');
        context.control.beforeWrite = () => undefined;
        await ensureBuilder(context);

        expect(context.executions.started).toEqual(['build/build-1-1']);
    });
});

describe('an owner that ended without a word', () => {
    it.each(['FAILED', 'TIMED_OUT', 'ABORTED', 'SUCCEEDED'] as const)(
        '%s is replaced under a new name',
        async (status) => {
            await requestBuild(context);
            context.executions.end('build/build-1-1', status);
            await requestBuild(context);

            expect(context.executions.started).toEqual(['build/build-1-1', 'build/build-2-2']);
        },
    );

    it('is replaced by one of several that notice', async () => {
        await requestBuild(context);
        context.executions.end('build/build-1-1', 'ABORTED');
        await Promise.all(Array.from({ length: 10 }, () => ensureBuilder(context)));

        expect(context.executions.started).toEqual(['build/build-1-1', 'build/build-1-2']);
    });

    it('is replaced again and again, each time under a name never used', async () => {
        await requestBuild(context);
        for (let n = 0; n < 5; n++) {
            context.executions.end(`build/${await owner()}`, 'FAILED');
            await ensureBuilder(context);
        }

        expect(new Set(context.executions.started).size).toBe(6);
    });
});

describe('two takers of one build', () => {
    it('leave one owner, and only the owner may go on', async () => {
        // The second taker looks before the first has started its execution, and takes it for dead.
        context.executions.beforeStart = async () => {
            context.executions.beforeStart = () => undefined;
            await ensureBuilder(context);
        };
        await requestBuild(context);

        expect(context.executions.started).toEqual(['build/build-1-2', 'build/build-1-1']);
        await expect(requireOwner(context.control, 'build-1-1')).rejects.toThrow(ConflictError);
        await expect(requireOwner(context.control, 'build-1-1')).rejects.toThrow(
            'Build build-1-1 was replaced by build-1-2; nothing to do.',
        );
        expect(await requireOwner(context.control, 'build-1-2')).toMatchObject({ requested: 1 });
    });

    it('tell a build that went on after it was finished', async () => {
        await requestBuild(context);
        await finishBuild(context, 'build-1-1', 1);

        await expect(requireOwner(context.control, 'build-1-1')).rejects.toThrow('replaced by a finished build');
    });
});
