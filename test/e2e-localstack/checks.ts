import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { allEntries } from '#core/status/entries.ts';
import type { ObjectRef } from '#core/types.ts';
import { PROJECT_ROOT } from '#embedded/project.ts';
import { type IngestOutcome, untilBuilt, untilIngested } from '#localstack/outcome.ts';
import { ingest, shopFiles, withRuntime } from '#test/e2e/lake.ts';
import { martsOf } from './marts.ts';
import type { Place } from './place.ts';
import { deliverAgain, messagesIn, untilEmpty } from './queue.ts';

/** One thing that must hold; it throws when it does not. */
export interface Check {
    readonly name: string;
    run(place: Place): Promise<void>;
}

const PATIENCE_MS = 180_000;
const SHOP = { users: 120, seed: 11, days: 14, effect: 0.2, dirty: 0.02 };
const BURST = 50;
/** Every file asks for a build; those that arrive while one runs share the next. */
const MOST_BUILDS = 3;

/** In order: each goes on with what the one before it left. */
export const CHECKS: readonly Check[] = [
    { name: 'every file of a shop is ingested and built', run: shopIsBuilt },
    { name: 'PostgreSQL has the rows that the embedded runtime gives for the same files', run: sameAsEmbedded },
    { name: 'the same files again make no new ledger entry and no build', run: sameFilesAgain },
    { name: 'an event that comes three times makes one execution', run: repeatedEvent },
    { name: 'a file that does not fit ends rejected with its reason and leaves the queue empty', run: poison },
    { name: 'the upload command says what became of files, and ends with 0, 1 or 2', run: uploadCommand },
    { name: `${BURST} files at once make ${BURST} ledger entries and few builds`, run: burst },
];

const shopFolder = ({ folder }: Place) => join(folder, 'shop');

async function filesOf(place: Place): Promise<string[]> {
    await mkdir(shopFolder(place), { recursive: true });
    return shopFiles(shopFolder(place), SHOP);
}

function land({ deployment }: Place, path: string): Promise<ObjectRef> {
    const dataset = basename(path).replace(/[-.].*$/, '');
    return deployment.landing.land(`landing/${dataset}/${basename(path)}`, path);
}

const landAll = (place: Place, paths: readonly string[]) => Promise.all(paths.map((path) => land(place, path)));

function succeeded(outcomes: readonly IngestOutcome[]): void {
    for (const { entry, execution } of outcomes) equal(execution?.status, 'SUCCEEDED', `ingest of ${entry.object.key}`);
}

async function shopIsBuilt(place: Place): Promise<void> {
    const began = new Date().toISOString();
    const objects = await landAll(place, await filesOf(place));
    succeeded(await untilIngested(place.deployment, objects, PATIENCE_MS));
    const builds = await untilBuilt(place.deployment, began, PATIENCE_MS);
    ok(builds.length > 0, 'no build began');
    for (const { name, status, cause } of builds) equal(status, 'SUCCEEDED', `build ${name}: ${cause}`);
    const entries = await allEntries(place.deployment.ledger);
    deepEqual(
        entries.map(({ state }) => state),
        objects.map(() => 'built'),
    );
}

async function sameAsEmbedded(place: Place): Promise<void> {
    const lake = join(place.folder, 'lake');
    const files = await filesOf(place);
    const embedded = await withRuntime(lake, async (runtime) => {
        await ingest(runtime, files);
        return martsOf(await runtime.database.url());
    });
    deepEqual(await martsOf(place.postgresUrl), embedded);
    ok(!embedded.user_exposure?.startsWith('0 '), 'the shop has no exposed users, so nothing was compared');
}

async function sameFilesAgain(place: Place): Promise<void> {
    const before = await allEntries(place.deployment.ledger);
    const began = new Date().toISOString();
    for (const object of await landAll(place, await filesOf(place))) await deliverAgain(place, object);
    await untilEmpty(place);
    deepEqual(await allEntries(place.deployment.ledger), before);
    deepEqual(await untilBuilt(place.deployment, began, PATIENCE_MS), []);
}

async function repeatedEvent(place: Place): Promise<void> {
    const { deployment } = place;
    const path = join(place.folder, 'products-second.csv');
    await writeFile(path, 'product_id,category,base_price\n9001,Toys,12.50\n');
    const began = new Date().toISOString();
    const object = await land(place, path);
    await Promise.all([deliverAgain(place, object), deliverAgain(place, object)]);
    const outcomes = await untilIngested(deployment, [object], PATIENCE_MS);
    succeeded(outcomes);
    await untilEmpty(place);
    await untilBuilt(deployment, began, PATIENCE_MS);
    const executions = await deployment.log.list('ingest', 1_000);
    equal(executions.filter(({ name }) => name.startsWith(outcomes[0]?.entry.id ?? '-')).length, 1);
    equal(executions.filter(({ startedAt }) => startedAt >= began).length, 1);
}

async function poison(place: Place): Promise<void> {
    const path = join(place.folder, 'users-poison.csv');
    await writeFile(path, 'colour,size\nred,1\n');
    const began = new Date().toISOString();
    const object = await land(place, path);
    const [outcome] = await untilIngested(place.deployment, [object], PATIENCE_MS);
    equal(outcome?.entry.state, 'rejected');
    equal(outcome?.execution?.status, 'FAILED');
    match(outcome?.entry.reason ?? '', /user_id/);
    await untilEmpty(place);
    equal(await messagesIn(place, 'dead-letters'), 0);
    await untilBuilt(place.deployment, began, PATIENCE_MS);
}

async function uploadCommand(place: Place): Promise<void> {
    const good = join(place.folder, 'products-third.csv');
    await writeFile(good, 'product_id,category,base_price\n9002,Toys,3.00\n');
    const wellDone = await upload(place, good, '--wait');
    equal(wellDone.code, 0, wellDone.output);
    match(wellDone.output, /^uploaded {3}landing\/products\/products-third\.csv {2}version \S+$/m);
    match(wellDone.output, /^build {6}build-\S+ {2}SUCCEEDED/m);
    const again = await upload(place, good, '--wait');
    match(again.output, /none: nothing new/);
    const bad = await upload(place, join(place.folder, 'users-poison.csv'), '--wait');
    equal(bad.code, 1, bad.output);
    match(bad.output, /^rejected {3}landing\/users\/users-poison\.csv/m);
    match(bad.output, /user_id/);
    equal((await upload(place, '--no-such-option')).code, 2);
    equal((await upload(place)).code, 2);
}

async function upload(place: Place, ...args: readonly string[]): Promise<{ code: number | null; output: string }> {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/upload-local.ts', ...args], {
        cwd: PROJECT_ROOT,
        env: { ...process.env, CARTLAKE_LOCALSTACK_DIR: place.stateRoot },
        encoding: 'utf8',
    });
    return { code: status, output: stdout + stderr };
}

/** Pieces of the events file: every row is known already, so the marts must not change. */
async function burst(place: Place): Promise<void> {
    const { deployment, folder } = place;
    const [heading, ...rows] = (await readFile(join(shopFolder(place), 'events.csv'), 'utf8')).trimEnd().split('\n');
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
    equal(entries.filter(({ state }) => state === 'built').length, before + BURST - 1, 'all but the rejected one');
    ok(builds.length <= MOST_BUILDS, `${builds.length} builds for ${BURST} files`);
    deepEqual(await martsOf(place.postgresUrl), marts);
}
