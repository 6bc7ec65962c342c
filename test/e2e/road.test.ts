import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { selectRows } from '#adapters/postgres/query.ts';
import { describeRun } from '#core/build/steps.ts';
import type { Contract } from '#core/contracts/contract.ts';
import { generateEventsDay } from '#core/generate/day.ts';
import type { Runtime } from '#embedded/runtime.ts';
import { createRuntime } from '#embedded/runtime.ts';
import { emptyLake, fingerprintOf, ingest, ownProject, removeLake, shopFiles, withRuntime } from './lake.ts';
import { type Oracle, oracleOf } from './oracle.ts';

const SHOP = { users: 400, seed: 42, days: 40, sessionsPerUser: 2, effect: 0.5 };

let lake: string;
let source: string;
let oracle: Oracle;

beforeAll(async () => {
    lake = await emptyLake();
    source = await emptyLake();
    const files = await shopFiles(source, SHOP);
    oracle = await oracleOf(dirname(files[0] as string));
    await withRuntime(lake, (runtime) => ingest(runtime, files));
});

afterAll(async () => {
    await removeLake(lake);
    await removeLake(source);
});

async function select(runtime: Runtime, sql: string): Promise<(string | null)[][]> {
    return (await selectRows(await runtime.database.url(), sql)).rows.map((row) => [...row]);
}

async function revenueCents({ context }: Runtime): Promise<number> {
    const version = await context.catalog.current('fct_events');
    const files = Object.values(version?.parts ?? {}).flatMap(({ file }) => file ?? []);
    const events = { kind: 'files', files, uniform: true, columns: version?.columns ?? [], narrow: undefined } as const;
    const [row] = await context.engine.rows({
        inputs: new Map([['events', events]]),
        render: (bind) => `select sum(net_revenue) as total from ${bind('events')} as events`,
    });
    return Math.round(Number(row?.total) * 100);
}

describe('from raw files to a decision', () => {
    it('finds the exposed users and buyers that a count by hand finds, in Postgres', async () => {
        await withRuntime(lake, async (runtime) => {
            const rows = await select(
                runtime,
                'select variant, count(*), count(*) filter (where has_purchased) from user_outcomes group by variant',
            );
            const arms = Object.fromEntries(
                rows.map(([variant, exposed, buyers]) => [
                    variant,
                    { exposed: Number(exposed), buyers: Number(buyers) },
                ]),
            );

            expect(arms).toEqual(oracle.arms);
        });
    });

    it('flags exposures before assignment and windows the data cut', async () => {
        await withRuntime(lake, async (runtime) => {
            const [flags] = await select(
                runtime,
                'select count(*) filter (where is_exposed_before_assignment), count(*) filter (where is_window_cut) from user_exposure',
            );

            expect(flags?.map(Number)).toEqual([oracle.beforeAssignment, oracle.cutWindows]);
        });
    });

    it('writes a decision page with the same numbers as the rows in Postgres', async () => {
        await withRuntime(lake, async (runtime) => {
            const [page] = (await runtime.context.blobs.list('reports')).filter(({ key }) =>
                key.endsWith('index.html'),
            );
            const json =
                (await runtime.context.blobs.readText(page?.key.replace('index.html', 'report.json') ?? '')) ?? '{}';
            const [row] = await select(
                runtime,
                "select p_value from experiment_results where metric = 'purchased' and dimension = 'all' and variant = 'treatment' limit 1",
            );

            expect(page).toBeDefined();
            expect(json).toContain(`${Number(row?.[0])}`.slice(0, 10));
        });
    });

    it('builds nothing when nothing is new', async () => {
        await withRuntime(lake, async (runtime) => {
            const plan = await describeRun(runtime.context, 'nothing-new', 0);

            expect(plan).toMatchObject({ models: [], unpublished: [] });
        });
    });

    it('reads the same prices as list prices when the contract says so, and back', async () => {
        const project = await ownProject();
        const events = project.contracts.get('events') as Contract;
        const asList = new Map(project.contracts).set('events', {
            ...events,
            parameters: { price_reading: 'unit_list' },
        });
        const before = await fingerprintOf(lake);
        const build = (runtime: Runtime) => runtime.requestBuild().then(() => runtime.settle());
        const revenue = await withRuntime(
            lake,
            async (runtime) => {
                await build(runtime);
                return revenueCents(runtime);
            },
            { ...project, contracts: asList },
        );
        await withRuntime(lake, build);

        expect(revenue).toBe(oracle.list);
        expect(await withRuntime(lake, revenueCents)).toBe(oracle.paid);
        expect(await fingerprintOf(lake)).toEqual(before);
    });

    it('keeps marts and says what to do when Postgres is down; the next build publishes', async () => {
        const other = await emptyLake();
        const files = await shopFiles(other, { ...SHOP, users: 60, days: 5 });
        const runtime = await createRuntime({
            lake: other,
            project: await ownProject(),
            postgresUrl: 'postgres://nobody:nothing@127.0.0.1:9/nowhere',
        });
        await ingest(runtime, files);
        await runtime.close();
        const [failed] = runtime.executions.list({ machine: 'build' });

        expect(failed).toMatchObject({ status: 'FAILED', error: 'TransientError' });
        expect(failed?.cause).toMatch(/127\.0\.0\.1:9/);
        expect(await runtime.context.catalog.current('user_outcomes')).toBeDefined();

        await withRuntime(other, (next) => next.settle());
        expect(await fingerprintOf(other)).toMatchObject({ 'unfinished objects': 0 });
        expect((await fingerprintOf(other))['postgres user_outcomes']).toBeDefined();
        await removeLake(other);
    });

    it('rebuilds one date of events, and what depends on it, for one more day', async () => {
        const files: string[] = [];
        for (const { name, chunks } of generateEventsDay(SHOP, 1).files) {
            const path = join(source, name.replace('_', '-'));
            await writeFile(path, [...chunks].join(''));
            files.push(path);
        }
        await withRuntime(lake, async (runtime) => {
            const rebuilt = async (model: string, run: string) => {
                const version = await runtime.context.catalog.current(model);
                return Object.values(version?.parts ?? {}).filter(({ file }) => file?.includes(`/run=${run}/`)).length;
            };
            await ingest(runtime, files);
            const run = runtime.executions.list({ machine: 'build' })[0]?.name ?? '';

            expect(await rebuilt('fct_events', run)).toBe(1);
            expect(await rebuilt('int_exposure_candidates', run)).toBe(1);
            // Seven days of exposures have windows that reach the new day, and seven more have outcomes beside them.
            expect(await rebuilt('user_outcomes', run)).toBeLessThanOrEqual(15);
            expect(await rebuilt('dim_users', run)).toBe(0);
        });
    });
});
