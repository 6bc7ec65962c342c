import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newPlanText } from '#core/experiment/declaration/new-plan.ts';
import { readPlan } from '#core/experiment/declaration/read.ts';
import type { ExperimentPlan } from '#core/experiment/plan.ts';
import { readHistory } from '#core/experiment/sizing/history.ts';
import { planSize } from '#core/experiment/sizing/size.ts';
import { replayAnalysis } from '#core/report/analysis-record.ts';
import type { Runtime } from '#embedded/runtime.ts';
import { emptyLake, ingest, ownProject, removeLake, shopFiles, withRuntime } from './lake.ts';

const NAME = 'new_product_page';
const JSON_KEY = `reports/experiments/${NAME}/report.json`;

let lake: string;
let source: string;

/** The project with one declared plan. */
async function projectWith(change: (text: string) => string) {
    const { plan, problems } = readPlan({ name: `${NAME}.yaml`, text: change(newPlanText(NAME, '2024-01-01')) });
    expect(problems).toEqual([]);
    return { ...(await ownProject()), experiments: new Map<string, ExperimentPlan>([[NAME, plan!]]) };
}

const build = (runtime: Runtime) => runtime.requestBuild().then(() => runtime.settle());
const reportOf = async (runtime: Runtime) => JSON.parse((await runtime.context.blobs.readText(JSON_KEY)) ?? '{}');

beforeAll(async () => {
    lake = await emptyLake();
    source = await emptyLake();
    const files = await shopFiles(source, { users: 400, seed: 7, days: 60, sessionsPerUser: 3, effect: 0.5 });
    await withRuntime(lake, (runtime) => ingest(runtime, files), await projectWith((text) => text));
});

afterAll(async () => {
    await removeLake(lake);
    await removeLake(source);
});

describe('a declared experiment', () => {
    it('is judged by its plan, frozen with the first build', async () => {
        await withRuntime(lake, async (runtime) => {
            const { plan } = await reportOf(runtime);

            expect(plan).toMatchObject({ declared: true, plannedUnits: 100_000, deviations: [] });
            expect(plan.frozenAt).toMatch(/^\d{4}-/);
        });
    });

    it('lists later changes of its file and goes by the frozen plan', async () => {
        const changed = await projectWith((text) => text.replace('size: 100000', 'size: 200'));
        await withRuntime(lake, build, changed);

        await withRuntime(
            lake,
            async (runtime) => {
                const { plan, verdict } = await reportOf(runtime);

                expect(plan.deviations).toEqual([{ place: 'size', planned: '100000', now: '200' }]);
                expect(plan.plannedUnits).toBe(100_000);
                expect(verdict.because).not.toContain('planned size');
            },
            changed,
        );
        await withRuntime(lake, build, await projectWith((text) => text));
    });

    it('builds nothing when nothing is new', async () => {
        const project = await projectWith((text) => text);
        const before = await withRuntime(lake, reportOf, project);
        await withRuntime(lake, build, project);

        expect(await withRuntime(lake, reportOf, project)).toEqual(before);
    });
});

describe('an experiment that waits for other events', () => {
    it('counts who did them, from the first time on', async () => {
        const other = await emptyLake();
        const files = await shopFiles(source, { users: 300, seed: 9, days: 40, sessionsPerUser: 3 });
        const changed = await projectWith((text) => text.replace('[view_product, pdp_view]', '[add_to_cart]'));
        const exposed = { add_to_cart: 0, view_product: 0 };
        await withRuntime(
            other,
            async (runtime) => {
                await ingest(runtime, files);
                const { exposure, plan } = await reportOf(runtime);
                exposed.add_to_cart = exposure.units;
                expect(plan.exposedBy).toEqual(['add_to_cart']);
            },
            changed,
        );
        await removeLake(other);

        const usual = await emptyLake();
        await withRuntime(
            usual,
            async (runtime) => {
                await ingest(runtime, files);
                exposed.view_product = (await reportOf(runtime)).exposure.units;
            },
            await projectWith((text) => text),
        );
        await removeLake(usual);

        expect(exposed.add_to_cart).toBeGreaterThan(0);
        expect(exposed.add_to_cart).toBeLessThan(exposed.view_product);
    });
});

describe('replaying an analysis', () => {
    it('gives the same JSON, byte for byte, also when the plan file is gone', async () => {
        await withRuntime(lake, async ({ context }) => {
            const written = await context.blobs.readText(JSON_KEY);
            const { hash } = JSON.parse(written ?? '{}').meta;

            expect(await replayAnalysis(context, hash)).toBe(written);
        });
    });

    it('says when there is no such analysis', async () => {
        await withRuntime(lake, async ({ context }) => {
            await expect(replayAnalysis(context, '0000000000000000')).rejects.toThrow(
                /^There is no analysis 0000000000000000/,
            );
        });
    });

    it('says when its tables are gone, or another version computes', async () => {
        await withRuntime(lake, async ({ context }) => {
            const { hash } = JSON.parse((await context.blobs.readText(JSON_KEY)) ?? '{}').meta;
            const key = `reports/analyses/${hash}.json`;
            const record = JSON.parse((await context.blobs.readText(key)) ?? '{}');
            await context.blobs.putText(
                'reports/analyses/tables/gone.json',
                '{"refs":[],"tables":{"t":{"files":["marts/t/gone"],"columns":[]}}}',
            );
            await context.blobs.putText('reports/analyses/aa.json', JSON.stringify({ ...record, tables: 'gone' }));
            await context.blobs.putText('reports/analyses/bb.json', JSON.stringify(record));

            await expect(replayAnalysis(context, 'aa')).rejects.toThrow(
                /^The tables analysis aa was made from are not in this lake/,
            );
            await expect(replayAnalysis(context, 'bb')).rejects.toThrow(
                new RegExp(`^The inputs of bb give ${hash} now`),
            );
        });
    });
});

describe("the shop's history", () => {
    it('sizes an experiment', async () => {
        await withRuntime(lake, async ({ context }) => {
            const { plan } = await reportOf({ context } as Runtime);
            const history = await readHistory(context, plan.exposedBy);
            const size = planSize(plan, 0.5, history);

            expect(history.exposedByDay.at(-1)).toBeGreaterThan(100);
            expect(history.metrics.map(({ metric }) => metric)).toContain('bounce_rate');
            expect(size.needs.every(({ baseline }) => baseline === null || baseline > 0)).toBe(true);
            expect(size.units).toBeGreaterThan(100);
        });
    });

    it('says when nobody would be exposed', async () => {
        await withRuntime(lake, async ({ context }) => {
            await expect(readHistory(context, ['never'])).rejects.toThrow(
                /^No user has done never in the last 56 days/,
            );
        });
    });

    it('says when there are no events', async () => {
        const empty = await emptyLake();
        await withRuntime(empty, async ({ context }) => {
            await expect(readHistory(context, ['view_product'])).rejects.toThrow(/^The lake has no events yet/);
        });
        await removeLake(empty);
    });
});
