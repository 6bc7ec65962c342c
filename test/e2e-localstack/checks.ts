import { deepEqual, doesNotMatch, equal, match, ok } from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type IngestOutcome, untilBuilt, untilIngested } from '#core/execution/outcome.ts';
import { generateShop } from '#core/generate/shop.ts';
import { allEntries } from '#core/status/entries.ts';
import type { ObjectRef } from '#core/types.ts';
import { inventory } from '#localstack/inventory.ts';
import { martsOf } from '#test/workflow/scenarios/marts.ts';
import { SHOP } from '#test/workflow/scenarios/scenarios.ts';
import { cartlake } from './cartlake.ts';
import { OPERATIONS } from './operations.ts';
import { PATIENCE_MS, type Place, runScript } from './place.ts';
import { deliverAgain, untilEmpty } from './queue.ts';
import { listenersAreLocal, promisesAreKept } from './services.ts';

/** One thing that must hold; it throws when it does not. */
export interface Check {
    readonly name: string;
    run(place: Place): Promise<void>;
}

const BURST = 50;
/** Every file asks for a build; those that arrive while one waits for files or runs share one. */
const MOST_BUILDS = 3;

/** What only a deployment can show, after the scenarios, in order: each goes on with what the one before it left. */
export const CHECKS: readonly Check[] = [
    { name: 'nothing listens but on this machine itself', run: listenersAreLocal },
    { name: 'its S3 and Step Functions keep what the fakes of tests promise', run: promisesAreKept },
    { name: 'the same files again make no new ledger entry and no build', run: sameFilesAgain },
    { name: 'the command line uploads, looks at and replays what was deployed', run: commandLine },
    {
        name: `${BURST} files at once make ${BURST} ledger entries, at most ${MOST_BUILDS} builds and the right marts`,
        run: burst,
    },
    ...OPERATIONS,
    { name: 'deploying again changes nothing', run: deployedAgain },
    { name: 'destroying leaves nothing but the bootstrap stack', run: destroyed },
];

async function filesOf({ folder }: Place): Promise<string[]> {
    const paths: string[] = [];
    for (const { name, chunks } of generateShop(SHOP).files) {
        paths.push(join(folder, name));
        await writeFile(join(folder, name), [...chunks].join(''));
    }
    return paths;
}

function land({ deployment }: Place, path: string): Promise<ObjectRef> {
    const dataset = basename(path).replace(/[-.].*$/, '');
    return deployment.landing.land(`landing/${dataset}/${basename(path)}`, path);
}

const landAll = (place: Place, paths: readonly string[]) => Promise.all(paths.map((path) => land(place, path)));

function succeeded(outcomes: readonly IngestOutcome[]): void {
    for (const { entry, execution } of outcomes) equal(execution?.status, 'SUCCEEDED', `ingest of ${entry.object.key}`);
}

async function sameFilesAgain(place: Place): Promise<void> {
    const before = await allEntries(place.deployment.ledger);
    const began = new Date().toISOString();
    for (const object of await landAll(place, await filesOf(place))) await deliverAgain(place, object);
    await untilEmpty(place);
    deepEqual(await allEntries(place.deployment.ledger), before);
    deepEqual(await untilBuilt(place.deployment, began, PATIENCE_MS), []);
}

async function commandLine(place: Place): Promise<void> {
    const good = join(place.folder, 'products-third.csv');
    await writeFile(good, 'product_id,category,base_price\n9101,Toys,3.00\n');
    const wellDone = cartlake(place, 'ingest', good);
    equal(wellDone.code, 0, wellDone.output);
    match(wellDone.output, /^products-third\.csv +products +accepted +1 +1 +0$/m);
    match(wellDone.output, /^dim_products +\d+/m);
    match(cartlake(place, 'ingest', good).output, /known[\s\S]*nothing was built/);
    const poison = join(place.folder, 'users-poison-again.csv');
    await writeFile(poison, 'colour,size\nred,1\n');
    const bad = cartlake(place, 'ingest', poison);
    equal(bad.code, 1, bad.output);
    match(bad.output, /rejected +users-poison-again\.csv: [\s\S]*user_id/);

    const status = cartlake(place, 'status');
    match(status.output, /Pipeline cartlake-dev on LocalStack/);
    match(status.output, /^users +\d+ +120 /m);
    match(status.output, /users-poison-again\.csv/);
    match(cartlake(place, 'executions', '--limit', '40').output, /^ingest .*products-third\.csv +succeeded/m);
    match(cartlake(place, 'executions', 'build-').output, /Levels[\s\S]*dim_products[\s\S]*Promote[\s\S]*Finish/);
    match(cartlake(place, 'report').output, /new_product_page[\s\S]*Page: s3:\/\/cartlake-dev-lake-/);
    const again = cartlake(place, 'replay', '--object', 'products-third.csv');
    equal(again.code, 0, again.output);
    match(again.output, /Read 1 file again\.[\s\S]*accepted/);

    for (const wrong of [
        ['ingest', good, '--set', 'events.price_reading=unit_list'],
        ['ingest', good, '--no-build'],
        ['executions', 'no-such'],
        ['report', 'no-such'],
        ['status', '--stage', 'prod'],
    ]) {
        equal(cartlake(place, ...wrong).code, 2, wrong.join(' '));
    }
}

/** Pieces of the events file: every row is known already, so the marts must not change. */
async function burst(place: Place): Promise<void> {
    const { deployment, folder } = place;
    const events = generateShop(SHOP).files.find(({ name }) => name === 'events.csv');
    const [heading, ...rows] = [...(events?.chunks ?? [])].join('').trimEnd().split('\n');
    const paths: string[] = [];
    for (let piece = 0; piece < BURST; piece++) {
        const path = join(folder, `events-piece-${piece}.csv`);
        const own = rows.filter((_, index) => index % BURST === piece);
        await writeFile(path, [heading, ...own, ''].join('\n'));
        paths.push(path);
    }
    const marts = await martsOf(place.postgresUrl);
    const before = (await allEntries(deployment.ledger)).length;
    const began = new Date().toISOString();
    succeeded(await untilIngested(deployment, await landAll(place, paths), PATIENCE_MS));
    const builds = await untilBuilt(deployment, began, PATIENCE_MS);
    const entries = await allEntries(deployment.ledger);
    equal(entries.length, before + BURST);
    const built = entries.filter(({ state, object }) => state === 'built' && object.key.includes('events-piece'));
    equal(built.length, BURST);
    ok(builds.length <= MOST_BUILDS, `${builds.length} builds for ${BURST} files`);
    deepEqual(await martsOf(place.postgresUrl), marts);
}

async function deployedAgain(place: Place): Promise<void> {
    const before = await inventory(place.port);
    const said = await runScript('deploy-local', place.stateRoot);
    equal(said.match(/✅.*\(no changes\)/g)?.length, 3, said);
    doesNotMatch(said, /UPDATE_|CREATE_IN_PROGRESS/);
    deepEqual(await inventory(place.port), before);
}

async function destroyed(place: Place): Promise<void> {
    ok((await inventory(place.port)).length > 50, 'the inventory does not see the deployment');
    match(await runScript('destroy-local', place.stateRoot), /Nothing of cartlake-dev is left\./);
    deepEqual(await inventory(place.port), []);
}
