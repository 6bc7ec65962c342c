import { deepEqual, equal, match } from 'node:assert/strict';
import { postgresOf } from '../place.ts';
import { hurry, loseBucket, someProducts, throttle, untilNewest } from './breaking.ts';
import type { Rehearsal } from './rehearsal.ts';
import { untilFound } from './scene.ts';

const EVENTS =
    'event_id,event_ts,user_id,session_id,product_id,event_type,price_paid,quantity,discount_amount,properties';

/** Alarms about builds. */
export const BUILDS: readonly Rehearsal[] = [
    {
        section: 'build-failed',
        broken: 'purchases of amounts that no table can add up',
        repair: /reject/,
        async breaks({ pipeline, until, type }) {
            const before = await pipeline.marts();
            const rows = Array.from({ length: 120 }, (_, index) => {
                return `${800_000 + index},2024-01-10 15:00:00,${(index % 60) + 1},1,80,purchase,9999999999999999.99,1,0.0,`;
            });
            const object = await pipeline.land('landing/events/events.csv', [EVENTS, ...rows, ''].join('\n'));
            await pipeline.ingested([object]);
            await pipeline.built();
            return {
                shows: [/user_outcomes: .*out of range/, /events\.csv/],
                async repaired() {
                    await until(object, 'rejected');
                    deepEqual(await pipeline.marts(), before);
                    match((await type('npx cartlake status --target aws --stage prod')).output, /Nothing needs a hand/);
                },
            };
        },
    },
    {
        section: 'build-failed',
        broken: 'promote could not write to the lake',
        repair: /build/,
        async breaks(scene) {
            const mend = await loseBucket(scene, 'promote');
            const object = await scene.pipeline.land('landing/products/products-unbuilt.csv', someProducts());
            await untilNewest(scene, 'build', 'FAILED');
            return { shows: [/lake-gone/], mend, repaired: () => scene.until(object, 'built') };
        },
    },
    {
        section: 'build-not-finished',
        broken: 'publish took longer than the whole machine may; the dead build still owns the lock',
        async breaks(scene) {
            const held = await scene.pipeline.hold('publish');
            const mend = await hurry(scene, 'build', 6);
            const object = await scene.pipeline.land('landing/products/products-slow.csv', someProducts());
            await held.reached;
            await untilNewest(scene, 'build', 'TIMED_OUT');
            await held.release();
            return { shows: [/timed out[\s\S]*Publish/i], mend, repaired: () => scene.until(object, 'built') };
        },
    },
    {
        section: 'build-slow',
        broken: 'build stood still for three seconds',
        repair: /^$/,
        leftOut: 'LocalStack has no Athena: what its deployment would be is synthesised by npm test',
        async breaks({ pipeline, until }) {
            const held = await pipeline.hold('build');
            const object = await pipeline.land('landing/products/products-three.csv', someProducts());
            await held.reached;
            await new Promise((wake) => setTimeout(wake, 3_000));
            await held.release();
            await until(object, 'built');
            return { shows: [/Build +.*[3-9](\.\d)? s/], repaired: async () => undefined };
        },
    },
    {
        section: 'build-errors',
        broken: 'PostgreSQL was stopped before publish',
        async breaks(scene) {
            const server = postgresOf({ root: scene.place.stateRoot });
            const before = (await server.status()).url;
            await server.stop();
            const object = await scene.pipeline.land('landing/products/products-unpublished.csv', someProducts());
            await untilNewest(scene, 'build', 'FAILED');
            return {
                shows: [/Publish/, /ERROR .*publish failed/],
                async mend() {
                    await server.keep();
                    const { url, release } = await server.acquire();
                    await release();
                    equal(url, before);
                },
                repaired: () => scene.until(object, 'built'),
            };
        },
    },
    {
        section: 'build-throttled',
        broken: 'no concurrency is left to build',
        async breaks(scene) {
            await throttle(scene, 'build');
            const object = await scene.pipeline.land('landing/products/products-queued.csv', someProducts());
            await untilFound('build was throttled', async () => {
                const [newest] = await scene.place.deployment.log.list('build', 1);
                const events = newest ? await scene.place.deployment.log.events('build', newest.name) : [];
                return events.some(({ details }) => /TooManyRequests/.test(details.error ?? ''));
            });
            return {
                shows: [/running/i, /"ReservedConcurrentExecutions": 0/],
                repaired: () => scene.until(object, 'built'),
            };
        },
    },
];
