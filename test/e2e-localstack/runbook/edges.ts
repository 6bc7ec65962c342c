import { equal } from 'node:assert/strict';
import pg from 'pg';
import { postgresOf } from '../place.ts';
import { messagesIn } from '../queue.ts';
import { loseBucket, repeatAfter, someProducts, throttle } from './breaking.ts';
import type { Rehearsal } from './rehearsal.ts';
import { type Scene, untilFound } from './scene.ts';

const arrived = ({ place }: Scene) =>
    untilFound('a notice waits', async () => (await messagesIn(place, 'arrivals')) > 0);

/** Alarms about the way of a landed file to the ledger, and about what starts by a schedule. */
export const EDGES: readonly Rehearsal[] = [
    {
        section: 'dead-letters',
        broken: 'admit could not write to the lake five times in a row',
        async breaks(scene) {
            const mend = await loseBucket(scene, 'admit');
            await repeatAfter(scene, 1);
            const object = await scene.pipeline.land('landing/products/products-given-up.csv', someProducts());
            await untilFound('a dead letter', async () => (await messagesIn(scene.place, 'dead-letters')) === 1);
            await repeatAfter(scene, 3);
            return {
                shows: [/products-given-up\.csv/, /ERROR .*admission failed.*lake-gone/],
                mend,
                async repaired() {
                    await scene.until(object, 'built');
                    equal(await messagesIn(scene.place, 'dead-letters'), 0);
                },
            };
        },
    },
    {
        section: 'arrivals-late',
        broken: 'somebody switched off that the queue calls admit',
        async breaks(scene) {
            const admit = ['--function-name', 'cartlake-dev-admit'];
            const state = (field: string) =>
                scene.aws(
                    'lambda',
                    'list-event-source-mappings',
                    ...admit,
                    '--output',
                    'text',
                    '--query',
                    `EventSourceMappings[0].${field}`,
                );
            const uuid = await state('UUID');
            await scene.aws('lambda', 'update-event-source-mapping', '--no-enabled', '--uuid', uuid);
            await untilFound('the mapping is off', async () => (await state('State')) === 'Disabled');
            const object = await scene.pipeline.land('landing/products/products-late.csv', someProducts());
            await arrived(scene);
            return { shows: [/^Disabled$/m], repaired: () => scene.until(object, 'built') };
        },
    },
    {
        section: 'edges-errors',
        broken: 'the database that customers are read from is away',
        async breaks({ type, place }) {
            const { code, output } = await type('npx cartlake extract customers --target aws --stage prod');
            equal(code, 1, output);
            return {
                shows: [/extract failed: .*shop/],
                mend: () => makeShop(place.stateRoot),
                async repaired() {
                    const entries = await Array.fromAsync(place.deployment.ledger.all());
                    const { state, staged } = entries.find(({ dataset }) => dataset === 'customers') ?? {};
                    equal(`${state} ${staged?.rows.accepted}`, 'built 2');
                },
            };
        },
    },
    {
        section: 'edges-throttled',
        broken: 'no concurrency is left to admit',
        repair: /delete-function-concurrency/,
        leftOut: 'LocalStack has no quotas to ask for more of',
        async breaks(scene) {
            await throttle(scene, 'admit');
            const object = await scene.pipeline.land('landing/products/products-throttled.csv', someProducts());
            await arrived(scene);
            return {
                shows: [/"ReservedConcurrentExecutions": 0/, /"ConcurrentExecutions": \d+/],
                repaired: () => scene.until(object, 'built'),
            };
        },
    },
    {
        section: 'sweeper-silent',
        broken: 'somebody disabled the schedule, and an ingest died meanwhile',
        async breaks(scene) {
            const mend = await loseBucket(scene, 'register');
            const object = await scene.pipeline.land('landing/products/products-stuck.csv', someProducts());
            await scene.pipeline.ingested([object]);
            await scene.aws('events', 'disable-rule', '--name', 'cartlake-dev-sweep');
            return {
                shows: [/"State": "DISABLED"/],
                mend,
                async repaired() {
                    await scene.until(object, 'built');
                    const rule = await scene.aws('events', 'describe-rule', '--name', 'cartlake-dev-sweep');
                    equal(JSON.parse(rule).State, 'ENABLED');
                    // Rehearsals sweep when they want to.
                    await scene.aws('events', 'disable-rule', '--name', 'cartlake-dev-sweep');
                },
            };
        },
    },
    {
        section: 'marts-stale',
        broken: "S3's events were off while a file landed",
        async breaks({ pipeline, until }) {
            const object = await pipeline.landUnheard('landing/products/products-unheard.csv', someProducts());
            await pipeline.deliver(await pipeline.land('landing/products/products-heard.csv', someProducts()));
            return { shows: [/Nothing needs a hand/], repaired: () => until(object, 'built') };
        },
    },
];

/** The database that was away, with two customers. */
async function makeShop(stateRoot: string): Promise<void> {
    const { url } = await postgresOf({ root: stateRoot }).status();
    const shop = new URL(url ?? '');
    shop.pathname = '/shop';
    await ask(url ?? '', 'create database shop');
    await ask(
        shop.href,
        `create table customers (customer_id text primary key, join_date date, segment text);
        insert into customers values ('1', '2024-01-01', 'new'), ('2', '2024-01-02', 'loyal')`,
    );
}

async function ask(url: string, sql: string): Promise<void> {
    const client = new pg.Client(url);
    await client.connect();
    await client.query(sql).finally(() => client.end());
}
