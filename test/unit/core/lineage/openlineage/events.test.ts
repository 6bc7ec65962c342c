import { describe, expect, it } from 'vitest';
import { ensureBuilder, readRequests, requestBuild } from '#core/build/requests.ts';
import { buildStep, checkStep, finishStep, planRun, promoteStep } from '#core/build/steps.ts';
import { register, reject } from '#core/ingest/register.ts';
import { sweep } from '#core/ledger/sweep.ts';
import { inNamespace, type RunEvent, runIdOf } from '#core/lineage/openlineage/event.ts';
import { recordedEvents } from '#core/lineage/openlineage/records.ts';
import { aStagedObject } from '#test/support/builders.ts';
import { testDatabase } from '#test/support/duckdb.ts';
import { expectOpenLineage } from '#test/support/openlineage.ts';
import { aModel, aTinyLake, type TinyLake } from '#test/support/tiny-lake.ts';

const database = testDatabase();
const DAILY = aModel(
    'daily',
    'kind: by_date\ndate: day',
    `select id, cast(happened_at as date) as day, max(amount) as amount from {{ ref('events') }} group by 1, 2`,
);
const TOTAL = aModel('total', 'kind: table', `select id, sum(amount) as amount from {{ ref('daily') }} group by id`);
const STRICT = `kind: table\nchecks:\n  - accepted_values: {column: amount, values: ["10"], severity: halt}`;

async function aLake(total = TOTAL): Promise<TinyLake> {
    const lake = await aTinyLake(database, { models: [DAILY, total] });
    await lake.land('first', [[1, '2026-01-01 10:00:00', 10]]);
    return lake;
}

const eventsOf = ({ context }: TinyLake) =>
    Array.fromAsync(recordedEvents(context.control, { now: '2026-06-02T00:00:00.000Z' }));
const shortly = (events: readonly RunEvent[]) => events.map(({ eventType, job }) => `${eventType} ${job.name}`);
const find = (events: readonly RunEvent[], type: string, job: string) =>
    events.find((event) => event.eventType === type && event.job.name === job) as RunEvent;

describe('the events of a build', () => {
    it('tell of the build, of each model it computed and of its checks', async () => {
        const lake = await aLake();
        await lake.build();
        const events = await eventsOf(lake);

        await expectOpenLineage(events);
        expect(shortly(events).sort()).toEqual(
            ['build', 'build.daily', 'build.total', 'check.daily', 'check.total']
                .flatMap((job) => [`COMPLETE ${job}`, `START ${job}`])
                .sort(),
        );
        for (const { job, run } of events.filter(({ job }) => job.name !== 'build')) {
            expect(run.facets?.parent, job.name).toMatchObject({
                run: { runId: runIdOf('build/build-1-1') },
                job: { namespace: 'cartlake', name: 'build' },
            });
        }
    });

    it('name the versions that were read and the version that was made', async () => {
        const lake = await aLake();
        await lake.build();
        const events = await eventsOf(lake);
        const daily = find(events, 'COMPLETE', 'build.daily');
        const total = find(events, 'COMPLETE', 'build.total');
        const version = (await lake.context.catalog.current('daily'))?.id;

        expect(daily.inputs).toMatchObject([
            {
                name: 'staging.events',
                facets: { version: { datasetVersion: expect.stringMatching(/^[0-9a-f]{32}$/) } },
            },
        ]);
        expect(daily.outputs).toMatchObject([
            {
                name: 'daily',
                facets: {
                    version: { datasetVersion: version },
                    schema: {
                        fields: [
                            { name: 'id', type: 'bigint' },
                            { name: 'day', type: 'date' },
                            { name: 'amount', type: 'bigint' },
                        ],
                    },
                },
                outputFacets: {
                    outputStatistics: { rowCount: 1, size: expect.any(Number) },
                    subset: { outputCondition: { partitions: [{ dimensions: { day: '2026-01-01' } }] } },
                },
            },
        ]);
        expect(daily.job.facets?.sql?.query).toContain('from "events" group by 1, 2');
        expect(total.inputs).toMatchObject([{ name: 'daily', facets: { version: { datasetVersion: version } } }]);
        expect(find(events, 'COMPLETE', 'check.daily').inputs).toMatchObject([
            {
                name: 'daily',
                inputFacets: { dataQualityAssertions: { assertions: [{ success: true, severity: 'error' }] } },
            },
        ]);
    });

    it('tell of the dates a run wrote, and of no model that it left alone', async () => {
        const lake = await aLake();
        await lake.build();
        await lake.land('more', [[1, '2026-01-02 10:00:00', 0]]);
        await lake.build();
        const second = (await eventsOf(lake)).slice(10);

        await expectOpenLineage(second);
        expect(find(second, 'COMPLETE', 'build.daily').outputs?.[0]?.outputFacets).toMatchObject({
            outputStatistics: { rowCount: 1 },
            subset: { outputCondition: { partitions: [{ dimensions: { day: '2026-01-02' } }] } },
        });
        await lake.build();
        expect(shortly((await eventsOf(lake)).slice(10 + second.length))).toEqual(['START build', 'COMPLETE build']);
    });

    it('say why a version was not shown', async () => {
        const lake = await aLake({ ...TOTAL, text: TOTAL.text.replace('kind: table', STRICT) });
        await lake.land('wrong', [[2, '2026-01-01 11:00:00', 11]]);
        await lake.build();
        const events = await eventsOf(lake);

        await expectOpenLineage(events);
        expect(shortly(events)).toContain('COMPLETE build.total');
        const failed = find(events, 'FAIL', 'check.total');
        expect(failed.run.facets?.errorMessage?.message).toContain('The new version of total fails');
        expect(failed.inputs?.[0]?.inputFacets?.dataQualityAssertions?.assertions).toContainEqual(
            expect.objectContaining({ success: false, severity: 'error' }),
        );
        expect(find(events, 'FAIL', 'build').run.facets?.errorMessage?.message).toBe(
            'Models that keep their last good version: total.',
        );
    });

    it('say why a model could not be computed', async () => {
        const broken = aModel('total', 'kind: table', `select id, cast('x' as bigint) as n from {{ ref('daily') }}`);
        const lake = await aLake(broken);
        await lake.build();
        const events = await eventsOf(lake);

        await expectOpenLineage(events);
        const failed = find(events, 'FAIL', 'build.total');
        expect(failed.run.facets?.errorMessage?.message).toMatch(/total|convert/i);
        expect(failed.outputs).toBeUndefined();
        expect(shortly(events)).not.toContain('START check.total');
    });

    it('are written once, however often its last step is repeated', async () => {
        const lake = await aLake();
        const { run } = await lake.build();
        const before = await eventsOf(lake);
        await finishStep(lake.context, run);

        expect(await eventsOf(lake)).toEqual(before);
    });

    it('are written by the build that replaced it, where it never came to its end', async () => {
        const lake = await aLake();
        const { context } = lake;
        await requestBuild(context);
        const dead = (await readRequests(context.control)).owner as string;
        await planRun(context, dead);
        await buildStep(context, dead, 'daily');
        await checkStep(context, dead, 'daily');
        await promoteStep(context, dead, 'daily');
        await buildStep(context, dead, 'total');
        context.executions.end(`build/${dead}`, 'TIMED_OUT');
        await ensureBuilder(context);
        await lake.build();
        const events = await eventsOf(lake);

        await expectOpenLineage(events);
        const ofDead = events.filter(
            ({ run }) =>
                run.runId === runIdOf(`build/${dead}`) ||
                (run.facets?.parent?.run as { runId: string })?.runId === runIdOf(`build/${dead}`),
        );
        expect(shortly(ofDead).filter((line) => !line.startsWith('START'))).toEqual([
            'COMPLETE build.daily',
            'COMPLETE check.daily',
            'ABORT build.total',
            'ABORT build',
        ]);
        expect(find(ofDead, 'ABORT', 'build').run.facets?.errorMessage?.message).toBe(
            `The build did not come to its end: its execution is TIMED_OUT. See cartlake executions ${dead}.`,
        );
        expect(await readRequests(context.control)).not.toHaveProperty('replaced');
    });
});

describe('the events of an ingest', () => {
    const received = async (lake: TinyLake) => {
        const object = { bucket: 'shop-landing', key: 'landing/events/new.csv', version: 'v7' };
        const arrival = { object, dataset: 'events', size: 120, landedAt: '2026-06-01T00:00:00.000Z' };
        return (await lake.context.ledger.receive(arrival)).entry;
    };

    it('lead from the version of a file to the rows of its dataset', async () => {
        const lake = await aLake();
        const { id } = await received(lake);
        const staged = aStagedObject({ '2026-01-01': 2 }, { rows: { read: 3, accepted: 2, rejected: 1 } });
        await lake.context.blobs.putText('staging/summary.json', JSON.stringify(staged));
        for (let time = 0; time < 2; time++) await register(lake.context, id, 'staging/summary.json');
        const events = await eventsOf(lake);

        await expectOpenLineage(events);
        expect(shortly(events)).toEqual(['START ingest.events', 'COMPLETE ingest.events']);
        expect(events[1]).toMatchObject({
            run: { runId: runIdOf(`ingest/${id}-1`) },
            inputs: [
                {
                    namespace: 's3://shop-landing',
                    name: 'landing/events/new.csv',
                    facets: { version: { datasetVersion: 'v7' } },
                    inputFacets: { inputStatistics: { rowCount: 3, size: 120 } },
                },
            ],
            outputs: [
                {
                    namespace: 'cartlake',
                    name: 'staging.events',
                    facets: { version: { datasetVersion: id } },
                    outputFacets: { outputStatistics: { rowCount: 2 } },
                },
            ],
        });
    });

    it('say why a file was rejected', async () => {
        const lake = await aLake();
        const { id } = await received(lake);
        await reject(lake.context, id, 'events has no column id');
        const events = await eventsOf(lake);

        await expectOpenLineage(events);
        expect(shortly(events)).toEqual(['START ingest.events', 'FAIL ingest.events']);
        expect(events[1]?.run.facets?.errorMessage?.message).toBe('events has no column id');
    });

    it('are written by the sweeper for an execution that died without a word', async () => {
        const lake = await aLake();
        const { id } = await received(lake);
        await lake.context.executions.start('ingest', `${id}-1`, {});
        lake.context.executions.end(`ingest/${id}-1`, 'ABORTED');
        await sweep(lake.context);
        const events = await eventsOf(lake);

        await expectOpenLineage(events);
        expect(events[1]?.run.facets?.errorMessage?.message).toBe('Its execution ended without a word: ABORTED.');
    });
});

describe('run ids', () => {
    it('are UUIDs made of names: the same for the same, another for another', () => {
        expect(runIdOf('build/build-1-1')).toMatch(
            /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
        );
        expect(runIdOf('build/build-1-1')).toBe(runIdOf('build/build-1-1'));
        expect(runIdOf('build/build-1-1')).not.toBe(runIdOf('build/build-1-2'));
    });
});

describe('events of a lake with a name of its own', () => {
    it('carry it in their jobs and tables, and leave the names of buckets alone', async () => {
        const lake = await aLake();
        await lake.build();
        const named = (await eventsOf(lake)).map((event) => inNamespace(event, 'shop-north'));
        const file = { namespace: 's3://landing', name: 'a.csv' };
        const { inputs } = inNamespace({ ...(named[0] as RunEvent), inputs: [file] }, 'shop-north');

        await expectOpenLineage(named);
        expect(JSON.stringify(named)).not.toContain('"namespace":"cartlake"');
        expect(inputs).toEqual([file]);
    });
});

describe('recorded events', () => {
    it('from an instant on are found without looking at days before', async () => {
        const lake = await aLake();
        await lake.build();
        const [, , second] = await eventsOf(lake);
        const listed: string[] = [];
        const control = {
            read: lake.context.control.read,
            list: (prefix: string) => {
                listed.push(prefix);
                return lake.context.control.list(prefix);
            },
        };
        const since = second?.eventTime as string;
        const later = await Array.fromAsync(recordedEvents(control, { since, now: '2026-06-02T00:00:00.000Z' }));

        expect(later).toEqual((await eventsOf(lake)).filter(({ eventTime }) => eventTime >= since));
        expect(listed).toEqual(['2026-05-31', '2026-06-01', '2026-06-02'].map((day) => `control/openlineage/${day}`));
    });
});
