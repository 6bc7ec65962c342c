import { describe, expect, it } from 'vitest';
import type { BuildRequest, BuiltTable, Computing, TableEngine } from '#core/build/ports.ts';
import { readRequests, requestBuild } from '#core/build/requests.ts';
import { runFiles } from '#core/build/run.ts';
import { buildStep, planRun } from '#core/build/steps.ts';
import { filesOf } from '#core/catalog/version.ts';
import { testDatabase } from '#test/support/duckdb.ts';
import { aModel, aTinyLake, type EventRow } from '#test/support/tiny-lake.ts';

const database = testDatabase();
const DAILY = aModel(
    'daily',
    'kind: by_date\ndate: happened_on',
    `select distinct id, cast(happened_at as date) as happened_on from {{ ref('events') }}`,
);

/** A build of `days` days on an engine of two dates a request that answers what it is told, call by call. */
async function aBuildElsewhere(days: number, answers: (request: BuildRequest, call: number) => BuiltTable | Computing) {
    const lake = await aTinyLake(database, { models: [DAILY] });
    const rows = Array.from({ length: days }, (_, day): EventRow => [day, `2026-01-0${day + 1} 10:00:00`, 1]);
    await lake.land('first', rows);
    const requests: BuildRequest[] = [];
    const engine: TableEngine = {
        ...lake.context.engine,
        limits: { rows: 1_000, dates: 2 },
        async build(request) {
            requests.push(request);
            return answers(request, requests.length);
        },
    };
    const context = { ...lake.context, engine };
    await requestBuild(context);
    const run = (await readRequests(context.control)).owner as string;
    await planRun(context, run);
    return { requests, run, context, build: () => buildStep(context, run, 'daily') };
}

const columns = [
    { name: 'id', type: 'bigint' },
    { name: 'happened_on', type: 'date' },
] as const;

const measured = { rows: 1, bytes: 10, hash: 'h' };

describe('a build on an engine that computes elsewhere', () => {
    it('asks for all batches and says when to ask again: when the first can be done', async () => {
        const { build, requests, run } = await aBuildElsewhere(3, (_, call) => ({ askAgainInSeconds: 10 - call }));

        expect(await build()).toEqual({ askAgainInSeconds: 8 });
        expect(requests.map(({ place, notes }) => ({ place, notes }))).toEqual(
            [0, 1].map((batch) => ({
                place: `marts/daily/run=${run}/batch=${batch}`,
                notes: `runs/${run}/queries/daily/batch=${batch}.json`,
            })),
        );
    });

    it('keeps at most four batches waiting', async () => {
        const { build, requests } = await aBuildElsewhere(9, () => ({ askAgainInSeconds: 1 }));
        await build();

        expect(requests).toHaveLength(4);
    });

    it('ends when all batches are done, with the files where the engine put them', async () => {
        const { build, run, context } = await aBuildElsewhere(3, ({ byDate }, call) => {
            if (call <= 2) return { askAgainInSeconds: 2 };
            const part = byDate?.ranges[0]?.from ?? '';
            return { columns, folder: undefined, parts: [{ part, file: 'x/1', furtherFiles: ['x/2'], ...measured }] };
        });
        await build();

        expect(await build()).toEqual({ changed: true, rows: 2, parts: 3 });
        const candidate = await runFiles(context.blobs, context.control, run).candidate('daily');
        const place = `marts/daily/run=${run}`;
        expect(Object.values(candidate.parts).map(filesOf)).toEqual([
            [`${place}/batch=0/x/1`, `${place}/batch=0/x/2`],
            [],
            [`${place}/batch=1/x/1`, `${place}/batch=1/x/2`],
        ]);
    });
});
