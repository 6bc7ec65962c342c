import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { generateShop } from '#core/generate/shop.ts';
import { executionName, type LedgerEntry } from '#core/ledger/entry.ts';
import type { ObjectRef } from '#core/types.ts';
import type { Pipeline } from './pipeline.ts';
import type { Scenario } from './scenario.ts';

/** Five files with an experiment in them that has been decided. */
export const SHOP = { users: 120, seed: 11, days: 14, effect: 0.2, dirty: 0.02 };

const PRODUCTS = 'product_id,category,base_price';
const PURCHASES = 2_000;

/** Everything that can happen to files between their upload and PostgreSQL, in this order. */
export const SCENARIOS: readonly Scenario[] = [
    { name: 'the files of a shop are ingested and built', run: goodFiles, anyBuilds: true },
    { name: 'a file that does not fit its contract is rejected with its reason', run: poison },
    { name: 'an event that comes three times makes one execution', run: repeatedEvent },
    { name: 'events in the wrong order give the newest state', run: wrongOrder },
    { name: 'a crash in each state is made good', run: crashes },
    { name: 'functions killed in the middle of stage, build and publish are called again', run: kills },
    { name: 'an ingest that keeps crashing is tried again by the sweeper', run: crashesThatLast },
    { name: 'a build that keeps crashing is tried again by the sweeper', run: buildThatCrashes },
    { name: 'calls that time out or are throttled are repeated', run: timeoutsAndThrottling },
    { name: 'a file that comes during a build is built by the next one', run: lateFile },
    { name: 'files read again give the same marts, whatever dies in the steps of that', run: readAgain },
];

async function succeeds(pipeline: Pipeline, object: ObjectRef): Promise<void> {
    const [entry] = await pipeline.ingested([object]);
    equal(entry?.state === 'staged' || entry?.state === 'built', true, `${object.key} is ${entry?.state}`);
    await pipeline.built();
    equal((await pipeline.ingested([object]))[0]?.state, 'built');
}

async function goodFiles(pipeline: Pipeline): Promise<void> {
    const objects: ObjectRef[] = [];
    for (const { name, chunks } of generateShop(SHOP).files) {
        const dataset = name.replace(/\..*$/, '');
        objects.push(await pipeline.land(`landing/${dataset}/${name}`, [...chunks].join('')));
    }
    await pipeline.ingested(objects);
    await pipeline.built();
    for (const { state, object } of await pipeline.ingested(objects)) equal(state, 'built', object.key);
    ok(!(await pipeline.marts()).user_exposure?.startsWith('0 '), 'the shop has no exposed users');
}

async function poison(pipeline: Pipeline): Promise<void> {
    const before = await pipeline.marts();
    const object = await pipeline.land('landing/users/users-poison.csv', 'colour,size\nred,1\n');
    const [entry] = await pipeline.ingested([object]);
    equal(entry?.state, 'rejected');
    match(entry?.reason ?? '', /user_id/);
    deepEqual(await pipeline.waiting(), { arrivals: 0, deadLetters: 0 });
    await pipeline.built();
    deepEqual(await pipeline.marts(), before);
}

async function repeatedEvent(pipeline: Pipeline): Promise<void> {
    const object = await pipeline.land('landing/products/products-twice.csv', `${PRODUCTS}\n9001,Toys,12.50\n`);
    await Promise.all([pipeline.deliver(object), pipeline.deliver(object)]);
    await succeeds(pipeline, object);
    await pipeline.deliver(object);
    const [entry] = await pipeline.ingested([object]);
    const executions = await pipeline.log.list('ingest', 1_000);
    equal(executions.filter(({ name }) => name.startsWith(entry?.id ?? '-')).length, 1);
    deepEqual(await pipeline.waiting(), { arrivals: 0, deadLetters: 0 });
}

/** The older file is heard of last. */
async function wrongOrder(pipeline: Pipeline): Promise<void> {
    const older = await pipeline.landUnheard('landing/products/products-a.csv', `${PRODUCTS}\n9002,Old,1.00\n`);
    // S3 tells times of landing to the second.
    await sleep(1_100);
    const newer = await pipeline.landUnheard('landing/products/products-b.csv', `${PRODUCTS}\n9002,New,2.00\n`);
    await pipeline.deliver(newer);
    await succeeds(pipeline, newer);
    const before = await pipeline.catalog.current('dim_products');
    await pipeline.deliver(older);
    await succeeds(pipeline, older);
    equal((await pipeline.catalog.current('dim_products'))?.content, before?.content, 'the older file won');
}

/** Some die before their work, some after it: what was done twice must not show. */
async function crashes(pipeline: Pipeline): Promise<void> {
    for (const stage of ['probe', 'register', 'plan', 'check', 'report']) await pipeline.fail(stage, 'crash-before');
    for (const stage of ['stage', 'build', 'promote', 'publish', 'finish']) await pipeline.fail(stage, 'crash-after');
    await succeeds(
        pipeline,
        await pipeline.land('landing/products/products-crash.csv', `${PRODUCTS}\n9003,Toys,3.00\n`),
    );
}

/** Purchases of users in the experiment, so that all tables of PostgreSQL change. */
async function kills(pipeline: Pipeline): Promise<void> {
    for (const stage of ['stage', 'build', 'publish']) await pipeline.fail(stage, 'crash-during');
    const rows = Array.from({ length: PURCHASES }, (_, n) => {
        const minute = String(n % 60).padStart(2, '0');
        return `${500_000 + n},2024-01-${12 + (n % 6)} 12:${minute}:00,${1 + (n % 120)},${1 + (n % 200)},purchase,9.99`;
    });
    const text = ['event_id,event_ts,user_id,product_id,event_type,price_paid', ...rows, ''].join('\n');
    await succeeds(pipeline, await pipeline.land('landing/events/events-killed.csv', text));
}

async function crashesThatLast(pipeline: Pipeline): Promise<void> {
    await pipeline.fail('stage', 'crash-before', 'crash-during', 'crash-after', 'crash-during');
    const object = await pipeline.land('landing/products/products-lasting.csv', `${PRODUCTS}\n9004,Toys,4.00\n`);
    const [entry] = await pipeline.ingested([object]);
    equal(entry?.state, 'received');
    match(entry?.reason ?? '', /exited/i);
    equal((await pipeline.sweep()).restarted, 1);
    await succeeds(pipeline, object);
    equal((await pipeline.log.find('ingest', executionName({ id: entry?.id ?? '', attempt: 2 })))?.status, 'SUCCEEDED');
}

async function buildThatCrashes(pipeline: Pipeline): Promise<void> {
    await pipeline.fail('publish', 'crash-after', 'crash-during', 'crash-before', 'crash-during');
    const object = await pipeline.land('landing/products/products-build.csv', `${PRODUCTS}\n9005,Toys,5.00\n`);
    await pipeline.ingested([object]);
    await pipeline.built();
    equal((await pipeline.ingested([object]))[0]?.state, 'staged');
    await pipeline.sweep();
    await succeeds(pipeline, object);
}

async function timeoutsAndThrottling(pipeline: Pipeline): Promise<void> {
    await pipeline.fail('probe', 'throttle');
    await pipeline.fail('stage', 'timeout');
    await pipeline.fail('plan', 'timeout');
    await succeeds(
        pipeline,
        await pipeline.land('landing/products/products-slow.csv', `${PRODUCTS}\n9006,Toys,6.00\n`),
    );
}

async function lateFile(pipeline: Pipeline): Promise<void> {
    const publishing = await pipeline.hold('publish');
    const first = await pipeline.land('landing/products/products-early.csv', `${PRODUCTS}\n9007,Toys,7.00\n`);
    await pipeline.ingested([first]);
    await publishing.reached;
    const late = await pipeline.land('landing/products/products-late.csv', `${PRODUCTS}\n9008,Toys,8.00\n`);
    equal((await pipeline.ingested([late]))[0]?.state, 'staged');
    await publishing.release();
    await succeeds(pipeline, late);
    equal((await pipeline.ingested([first]))[0]?.state, 'built');
}

async function readAgain(pipeline: Pipeline): Promise<void> {
    const before = await pipeline.marts();
    const isGood = ({ dataset, state }: LedgerEntry) => dataset === 'products' && state === 'built';
    const entries = (await pipeline.entries()).filter(isGood);
    await pipeline.fail('reread', 'crash-before', 'crash-after', 'throttle', 'crash-during');
    await pipeline.fail('request', 'timeout', 'crash-after');
    equal(await pipeline.replay(entries), 'SUCCEEDED');
    await pipeline.built();
    for (const { attempt, id } of entries) {
        const after = (await pipeline.entries()).find((entry) => entry.id === id);
        deepEqual([after?.state, after?.attempt], ['built', attempt + 1]);
    }
    deepEqual(await pipeline.marts(), before);
}
