import { equal, match } from 'node:assert/strict';
import type { LedgerEntry } from '#core/ledger/entry.ts';
import { entryKey, executionName, ledgerId } from '#core/ledger/entry.ts';
import { swap } from '#core/store/swap.ts';
import type { ObjectRef } from '#core/types.ts';
import { hurry, loseBucket, someProducts, throttle, untilNewest } from './breaking.ts';
import type { Rehearsal } from './rehearsal.ts';
import { untilFound } from './scene.ts';

const USERS = 'user_id,signup_ts,country,device_type,is_new_user';

/** Alarms about files on their way through the machine of ingests. */
export const INGESTS: readonly Rehearsal[] = [
    {
        section: 'objects-rejected',
        broken: 'a file of users without user_id landed',
        repair: /ingest users\.csv/,
        async breaks({ pipeline, until, write, place }) {
            const object = await pipeline.land('landing/users/users.csv', 'colour,size\nred,1\n');
            await until(object, 'rejected');
            await write('users.csv', `${USERS}\n9001,2024-01-09,CA,mobile,False\n`);
            return {
                shows: [/users\.csv: .*/, /user_id/],
                async repaired() {
                    const found = await Array.fromAsync(place.deployment.ledger.all());
                    const states = found.filter(({ object: { key } }) => key === object.key).map(({ state }) => state);
                    equal(states.sort().join(), 'built,rejected');
                },
            };
        },
    },
    {
        section: 'objects-rejected',
        broken: 'a file landed that no contract covers',
        repair: /--dataset users/,
        async breaks({ pipeline, until, write }) {
            const text = `${USERS}\n9002,2024-01-09,CA,mobile,False\n`;
            await until(await pipeline.land('landing/from-crm/members.csv', text), 'rejected');
            await write('members.csv', text);
            return { shows: [/members\.csv: No contract covers members\.csv/], repaired: async () => undefined };
        },
    },
    {
        section: 'objects-rejected',
        broken: 'a file was given up after its twentieth try',
        repair: /replay --object/,
        async breaks(scene) {
            const { control } = scene.place.deployment;
            const mend = await loseBucket(scene, 'probe');
            const object = await scene.pipeline.land('landing/products/products.csv', someProducts());
            await untilNewest(scene, 'ingest', 'FAILED');
            // The nineteen tries after this one would take the sweeper an hour and a half.
            await swap<LedgerEntry>(control, entryKey(ledgerId(object)), (entry) => entry && { ...entry, attempt: 20 });
            equal((await scene.pipeline.sweep()).rejected, 1);
            return {
                shows: [/products\.csv: Given up after 20 attempts: .*lake-gone/],
                mend,
                repaired: () => scene.until(object, 'built'),
            };
        },
    },
    {
        section: 'ingest-failing',
        broken: 'stage could not write to the lake for three files',
        async breaks(scene) {
            const mend = await loseBucket(scene, 'stage');
            const objects: ObjectRef[] = [];
            for (const name of ['a', 'b', 'c']) {
                objects.push(
                    await scene.pipeline.land(`landing/products/products-failing-${name}.csv`, someProducts()),
                );
            }
            for (const { state } of await scene.pipeline.ingested(objects)) equal(state, 'received');
            return {
                shows: [/products-failing-a\.csv +failed[\s\S]*products-failing-|failed/, /fail done.*lake-gone/],
                mend,
                async repaired() {
                    for (const object of objects) await scene.until(object, 'built');
                },
            };
        },
    },
    {
        section: 'ingest-timed-out',
        broken: 'stage took longer than the whole machine may',
        async breaks(scene) {
            const mend = await hurry(scene, 'ingest', 4);
            const held = await scene.pipeline.hold('stage');
            const object = await scene.pipeline.land(
                'landing/sessions/sessions.csv',
                'session_id,user_id,session_start_ts,session_end_ts,device_type\n90001,1,2024-01-09 14:47:00,2024-01-09 15:09:00,mobile\n',
            );
            await held.reached;
            await untilNewest(scene, 'ingest', 'TIMED_OUT');
            await held.release();
            return { shows: [/sessions\.csv +timed out/i], mend, repaired: () => scene.until(object, 'built') };
        },
    },
    {
        section: 'ingest-errors',
        broken: 'stage died once and timed out once, and its machine tried again',
        async breaks({ pipeline, until }) {
            await pipeline.fail('stage', 'crash-before', 'timeout');
            const object = await pipeline.land('landing/products/products-trying.csv', someProducts());
            match((await pipeline.ingested([object]))[0]?.state ?? '', /staged|built/);
            return { shows: [/products-trying\.csv +succeeded/], repaired: () => until(object, 'built') };
        },
    },
    {
        section: 'ingest-throttled',
        broken: 'no concurrency is left to stage',
        async breaks(scene) {
            await throttle(scene, 'stage');
            const object = await scene.pipeline.land('landing/products/products-waiting.csv', someProducts());
            await untilFound('stage was throttled', async () => {
                const name = executionName({ id: ledgerId(object), attempt: 1 });
                const events = await scene.place.deployment.log.events('ingest', name);
                return events.some(({ details }) => /TooManyRequests/.test(details.error ?? ''));
            });
            return {
                shows: [/products-waiting\.csv +running/, /"ReservedConcurrentExecutions": 0/],
                repaired: () => scene.until(object, 'built'),
            };
        },
    },
];
