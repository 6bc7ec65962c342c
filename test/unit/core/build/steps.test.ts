import { describe, expect, it } from 'vitest';
import { ensureBuilder, readRequests, requestBuild } from '#core/build/requests.ts';
import { markObjectsBuilt, runFiles } from '#core/build/run.ts';
import { buildStep, checkStep, finishStep, haltStep, planRun, promoteStep } from '#core/build/steps.ts';
import { ConflictError, DataError, PipelineError } from '#core/errors.ts';
import type { TypeScriptModel } from '#core/models/model.ts';
import { register } from '#core/registry/registry.ts';
import { anObject, aStagedObject, aVersion } from '#test/support/builders.ts';
import { testDatabase } from '#test/support/duckdb.ts';
import { aModel, aTinyLake, type LakeSources, type TinyLake } from '#test/support/tiny-lake.ts';

const database = testDatabase();
const WHOLE = aModel('whole', 'kind: table', `select distinct id, amount from {{ ref('events') }}`);

async function aLake(sources: LakeSources = { models: [WHOLE] }): Promise<TinyLake> {
    const lake = await aTinyLake(database, sources);
    await lake.land('first', [[1, '2026-01-01 10:00:00', 10]]);
    return lake;
}

/** Asks for a build and gives the name of the run. */
async function begun({ context }: TinyLake): Promise<string> {
    await requestBuild(context);
    return (await readRequests(context.control)).owner as string;
}

const stateOf = async ({ context }: TinyLake) => {
    const states: string[] = [];
    for await (const { state } of context.ledger.all()) states.push(state);
    return states;
};

describe('planning a run', () => {
    it('freezes its inputs: an object that arrives later waits for the next run', async () => {
        const lake = await aLake();
        const run = await begun(lake);
        await planRun(lake.context, run);
        await lake.land('late', [[2, '2026-01-02 10:00:00', 20]]);
        await requestBuild(lake.context);
        await buildStep(lake.context, run, 'whole');
        await promoteStep(lake.context, run, 'whole');
        const finished = await finishStep(lake.context, run);

        expect(await lake.rows('whole')).toHaveLength(1);
        expect(finished).toEqual({ objects: 1, halted: [], unmirrored: [] });
        expect((await stateOf(lake)).sort()).toEqual(['built', 'staged']);
        expect(lake.context.executions.started).toEqual(['build/build-1-1', 'build/build-2-1']);
    });

    it('says which request it covers and keeps the plan', async () => {
        const lake = await aLake();
        const run = await begun(lake);
        await requestBuild(lake.context);
        const plan = await planRun(lake.context, run);

        expect(plan).toMatchObject({
            run,
            covers: 2,
            components: [[['whole']]],
            models: [{ model: 'whole', reason: 'never built' }],
        });
        expect(await runFiles(lake.context.blobs, lake.context.control, run).plan()).toEqual(plan);
    });

    it('begins with the component that reads most, and each level with the models that read most', async () => {
        const reading = (name: string, ...inputs: string[]) => {
            const from = inputs.map((input) => `{{ ref('${input}') }}`).join(' cross join ');
            return aModel(name, 'kind: table', `select cast(count(*) as bigint) as id from ${from}`);
        };
        const lake = await aTinyLake(database, {
            models: [
                reading('a', 'experiment_plans'),
                reading('b', 'events'),
                reading('c', 'a', 'b', 'd'),
                reading('d', 'experiment_plans'),
                reading('apart', 'experiment_plans'),
            ],
        });
        await lake.land('first', [[1, '2026-01-01 10:00:00', 10]]);
        const run = await begun(lake);

        const { components, models } = await planRun(lake.context, run);

        expect(components).toEqual([[['b', 'a', 'd'], ['c']], [['apart']]]);
        expect(models.map(({ model }) => model)).toEqual(['a', 'b', 'd', 'c', 'apart']);
    });

    it('is refused to a build that was replaced', async () => {
        const lake = await aLake();
        const run = await begun(lake);
        lake.context.executions.end(`build/${run}`, 'ABORTED');
        await ensureBuilder(lake.context);

        await expect(planRun(lake.context, run)).rejects.toThrow(ConflictError);
        await expect(planRun(lake.context, run)).rejects.toThrow(
            `Build ${run} was replaced by build-1-2; nothing to do.`,
        );
    });
});

describe('a run whose build was replaced', () => {
    it('cannot put its older rows over newer ones', async () => {
        const lake = await aLake();
        const slow = await begun(lake);
        await planRun(lake.context, slow);
        await buildStep(lake.context, slow, 'whole');
        lake.context.executions.end(`build/${slow}`, 'ABORTED');
        await lake.land('late', [[2, '2026-01-02 10:00:00', 20]]);
        await lake.build();

        await expect(promoteStep(lake.context, slow, 'whole')).rejects.toThrow(ConflictError);
        expect(await lake.rows('whole')).toHaveLength(2);
        await finishStep(lake.context, slow);
        expect(await readRequests(lake.context.control)).toMatchObject({ requested: 2, built: 2 });
    });
});

describe('each step', () => {
    it('can be done twice with the same result', async () => {
        const lake = await aLake();
        const run = await begun(lake);
        for (let time = 0; time < 2; time++) await planRun(lake.context, run);
        const built = [await buildStep(lake.context, run, 'whole'), await buildStep(lake.context, run, 'whole')];
        const checked = [await checkStep(lake.context, run, 'whole'), await checkStep(lake.context, run, 'whole')];
        const promoted = [await promoteStep(lake.context, run, 'whole'), await promoteStep(lake.context, run, 'whole')];
        const finished = [await finishStep(lake.context, run), await finishStep(lake.context, run)];

        expect(built).toEqual([
            { changed: true, rows: 1, parts: 1 },
            { changed: true, rows: 1, parts: 1 },
        ]);
        expect(checked).toEqual([
            { passed: 1, warned: 0 },
            { passed: 1, warned: 0 },
        ]);
        expect(promoted[1]).toEqual(promoted[0]);
        expect(finished.map(({ objects }) => objects)).toEqual([1, 0]);
        expect((await lake.context.catalog.pointer('whole'))?.history).toEqual([]);
        expect(await buildStep(lake.context, run, 'whole')).toEqual({ changed: false, rows: 0, parts: 0 });
    });

    it('refuses a model that is not part of the project any more', async () => {
        const lake = await aLake();
        const run = await begun(lake);
        await planRun(lake.context, run);

        await expect(buildStep(lake.context, run, 'renamed')).rejects.toThrow(ConflictError);
        await expect(buildStep(lake.context, run, 'renamed')).rejects.toThrow(
            'The model renamed is not part of this project any more.',
        );
    });

    it('says when an earlier step left nothing', async () => {
        const { context } = await aLake();

        await expect(checkStep(context, 'never', 'whole')).rejects.toThrow(PipelineError);
        await expect(promoteStep(context, 'never', 'whole')).rejects.toThrow(
            'Run never has no candidates/whole. Start a new build: cartlake build.',
        );
        await expect(finishStep(context, 'never')).rejects.toThrow('Run never has no plan.');
        await expect(buildStep(context, 'never', 'whole')).rejects.toThrow('Run never has no inputs/events.');
    });
});

describe('a build that fails', () => {
    it('by its SQL is a matter of data, and leaves no scratch files', async () => {
        const broken = aModel('broken', 'kind: table', `select id, cast('x' as bigint) as n from {{ ref('events') }}`);
        const lake = await aLake({ models: [broken] });

        expect((await lake.build()).halted).toEqual(['broken']);
        const run = await begun(lake);
        await planRun(lake.context, run);
        await expect(buildStep(lake.context, run, 'broken')).rejects.toThrow(DataError);
        expect(await lake.context.blobs.list('tmp')).toEqual([]);
    });

    it('is noted with its reason and does not stop the objects from being built', async () => {
        const lake = await aLake();
        const run = await begun(lake);
        await planRun(lake.context, run);
        await haltStep(lake.context, run, 'whole', 'rows twice');

        expect(await finishStep(lake.context, run)).toEqual({ objects: 1, halted: ['whole'], unmirrored: [] });
        expect(await runFiles(lake.context.blobs, lake.context.control, run).halted()).toEqual([
            { model: 'whole', reason: 'rows twice', at: expect.stringMatching(/Z$/) },
        ]);
    });
});

describe('marking objects as built', () => {
    it('passes over an object that was staged anew under another contract meanwhile', async () => {
        const lake = await aLake();
        const files = runFiles(lake.context.blobs, lake.context.control, 'build-1-1');
        await files.freeze(['events']);
        const [id = ''] = await lake.context.ledger.open();
        const staged = (await lake.context.ledger.find(id))?.staged;
        await lake.context.ledger.reopen(id);
        await lake.context.ledger.markStaged(id, { ...staged!, contractFingerprint: 'another' });

        expect(await markObjectsBuilt(lake.context.ledger, files, ['events'], 'build-1-1')).toBe(0);
        expect(await stateOf(lake)).toEqual(['staged']);
    });

    it('passes over an object that is being read again', async () => {
        const lake = await aLake();
        const files = runFiles(lake.context.blobs, lake.context.control, 'build-1-1');
        await files.freeze(['events']);
        const [id = ''] = await lake.context.ledger.open();
        await lake.context.ledger.reopen(id);

        expect(await markObjectsBuilt(lake.context.ledger, files, ['events'], 'build-1-1')).toBe(0);
        expect(await stateOf(lake)).toEqual(['received']);
    });

    it('takes in an object none of whose rows were accepted', async () => {
        const lake = await aLake();
        const { ledger, control, now } = lake.context;
        const object = anObject({ key: 'landing/events/empty.csv' });
        const { entry } = await ledger.receive({ object, dataset: 'events', size: 1, landedAt: now() });
        const empty = aStagedObject({});
        await register(control, 'events', { id: entry.id, key: object.key, landedAt: now() }, empty, undefined);
        await ledger.markStaged(entry.id, empty);
        await lake.build();

        expect(await stateOf(lake)).toEqual(['built', 'built']);
    });
});

describe('a model in TypeScript', () => {
    const model = (build: TypeScriptModel['build'], refs = ['events']): TypeScriptModel => ({
        name: 'counted',
        purpose: 'Counts.',
        grain: 'one row',
        key: ['id'],
        kind: 'table',
        dateColumn: undefined,
        lookback: 0,
        lookahead: 0,
        watermark: undefined,
        checks: [],
        publish: undefined,
        language: 'typescript',
        refs,
        columns: [
            { name: 'id', type: 'bigint' },
            { name: 'total', type: 'decimal(18,2)' },
        ],
        code: '1',
        build,
    });

    it('returns rows computed from the rows of its inputs', async () => {
        const counted = model((inputs) => [
            { id: 1, total: inputs.rows('events').reduce((sum, { amount }) => sum + Number(amount), 0) / 4 },
        ]);
        const lake = await aLake({ typescriptModels: [counted] });
        await lake.build();

        expect(await lake.rows('counted')).toEqual([{ id: 1, total: '2.50' }]);
    });

    it('may return no rows and still has columns', async () => {
        const lake = await aLake({ typescriptModels: [model(() => [])] });
        await lake.build();

        expect((await lake.context.catalog.current('counted'))?.columns).toEqual(model(() => []).columns);
        expect(await lake.rows('counted')).toEqual([]);
    });

    it('cannot read what it does not name', async () => {
        const lake = await aLake({ models: [WHOLE], typescriptModels: [model((inputs) => [...inputs.rows('whole')])] });
        const { run, halted } = await lake.build();

        expect(halted).toEqual(['counted']);
        expect((await runFiles(lake.context.blobs, lake.context.control, run).halted())[0]?.reason).toBe(
            'Model counted reads whole but does not list it in refs.',
        );
    });
});

it('keeps candidates and checks apart by run', async () => {
    const { context } = await aLake();
    const [one, other] = ['1', '2'].map((run) => runFiles(context.blobs, context.control, run));
    await one!.saveCandidate(aVersion({ run: '1' }));
    await one!.saveChecks('m', { results: [] });

    expect((await one!.candidate('m')).run).toBe('1');
    await expect(other!.candidate('m')).rejects.toThrow('Run 2 has no candidates/m');
    expect(await other!.checks('m')).toBeUndefined();
    expect(await other!.halted()).toEqual([]);
});
