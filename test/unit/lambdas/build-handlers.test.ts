import { describe, expect, it } from 'vitest';
import { readRequests, requestBuild } from '#core/build/requests.ts';
import { handlerOf, type Stage } from '#lambdas/_chain/chain.ts';
import { buildStage } from '#lambdas/build/handler.ts';
import { checkStage } from '#lambdas/check/handler.ts';
import { finishStage } from '#lambdas/finish/handler.ts';
import { haltStage } from '#lambdas/halt/handler.ts';
import { planStage } from '#lambdas/plan/handler.ts';
import { promoteStage } from '#lambdas/promote/handler.ts';
import { publishStage } from '#lambdas/publish/handler.ts';
import { reportStage } from '#lambdas/report/handler.ts';
import { testDatabase } from '#test/support/duckdb.ts';
import { createFakeTelemetry } from '#test/support/fakes/telemetry.ts';
import { aModel, aTinyLake } from '#test/support/tiny-lake.ts';

const database = testDatabase();
const startedAt = '2026-06-01T00:00:00.000Z';
const SALES = aModel('sales', 'kind: table\npublish: sales', `select distinct id, amount from {{ ref('events') }}`);

async function aBuild() {
    const lake = await aTinyLake(database, { models: [SALES] });
    await lake.land('first', [[1, '2026-01-01 10:00:00', 10]]);
    await requestBuild(lake.context);
    const run = (await readRequests(lake.context.control)).owner as string;
    const call = <Input, Output>(stage: Stage<typeof lake.context, Input, Output>, event: object) =>
        handlerOf(
            stage,
            lake.context,
            createFakeTelemetry(),
        )({ run, ...event }, { awsRequestId: 'r', functionName: 'f', getRemainingTimeInMillis: () => 60_000 });
    return { lake, run, call };
}

describe('the stages of a build', () => {
    it('hand on names and counts, from plan to finish', async () => {
        const { call } = await aBuild();
        const model = 'sales';

        expect(await call(planStage, { startedAt })).toEqual({
            ready: true,
            components: [[['sales']]],
            models: 1,
            unpublished: 0,
        });
        expect(await call(buildStage, { model })).toEqual({
            done: true,
            waitSeconds: 0,
            changed: true,
            rows: 1,
            parts: 1,
        });
        expect(await call(checkStage, { model })).toEqual({ passed: 1, warned: 0 });
        expect(await call(promoteStage, { model })).toEqual({
            version: expect.stringMatching(/^[0-9a-f]{32}$/),
            unmirrored: [],
        });
        expect(await call(publishStage, {})).toEqual({ marts: 1, inserted: 1, updated: 2, deleted: 3 });
        expect(await call(reportStage, {})).toEqual({ pages: 0 });
        expect(await call(finishStage, {})).toEqual({ objects: 1, halted: [], unmirrored: [] });
    });

    it('wait with the plan while a file is on its way', async () => {
        const { lake, run } = await aBuild();
        await lake.context.ledger.receive({
            object: { bucket: 'lake', key: 'landing/events/late.csv', version: '1' },
            dataset: 'events',
            size: 1,
            landedAt: startedAt,
        });
        const plan = (gatherMs: number) =>
            handlerOf(
                planStage,
                { ...lake.context, gatherMs },
                createFakeTelemetry(),
            )({ run, startedAt }, { awsRequestId: 'r', functionName: 'f', getRemainingTimeInMillis: () => 60_000 });

        expect(await plan(3_600_000)).toEqual({ ready: false, components: [], models: 0, unpublished: 0 });
        expect(await plan(0)).toMatchObject({ ready: true, models: 1 });
    });

    it('note a halted model with the sentence of its failure', async () => {
        const { call } = await aBuild();
        await call(planStage, { startedAt });
        const error = { Error: 'DataError', Cause: JSON.stringify({ errorMessage: 'rows twice' }) };

        expect(await call(haltStage, { model: 'sales', error })).toEqual({ model: 'sales' });
        expect(await call(finishStage, {})).toEqual({ objects: 1, halted: ['sales'], unmirrored: [] });
    });

    it('name the first of many halted models, and those that are named at length not whole', async () => {
        const { call } = await aBuild();
        await call(planStage, { startedAt });
        const names = Array.from({ length: 25 }, (_, n) => `${'long'.repeat(50)}${n}`);
        for (const model of names) await call(haltStage, { model, error: { Error: 'DataError' } });

        const { halted } = (await call(finishStage, {})) as { halted: string[] };
        expect(halted).toHaveLength(20);
        expect(new Set(halted.map((name) => name.length))).toEqual(new Set([150]));
    });

    it('fail by the name of what is wrong', async () => {
        const { call } = await aBuild();

        await expect(call(planStage, { run: 'other', startedAt })).rejects.toMatchObject({ name: 'ConflictError' });
        await expect(call(promoteStage, { model: 'sales' })).rejects.toMatchObject({ name: 'PipelineError' });
        await expect(call(checkStage, {})).rejects.toMatchObject({ name: 'UsageError' });
    });
});
