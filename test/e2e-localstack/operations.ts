import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { filesOf } from '#core/catalog/version.ts';
import type { ExecutionSummary } from '#core/execution/execution-log.ts';
import { allEntries } from '#core/status/entries.ts';
import { vacuum } from '#core/vacuum/vacuum.ts';
import { martsOf } from '#test/workflow/scenarios/marts.ts';
import { cartlake } from './cartlake.ts';
import type { Check } from './checks.ts';
import type { Place } from './place.ts';

/** What a person does to a deployed pipeline by the command line; each goes on with what the one before it left. */
export const OPERATIONS: readonly Check[] = [
    { name: 'a replay reads every file of a dataset again, eight at a time, for the same marts', run: replayed },
    { name: 'a replay that died half-way is done by the same command', run: replayedAgain },
    { name: 'corrected rows leave the quarantine and reach the marts', run: redriven },
    { name: 'dates are computed again after a plan of it', run: backfilled },
    { name: 'a table goes back to the version before, and forward again', run: rolledBack },
    { name: 'tables are asked, compared and traced', run: asked },
    { name: 'a vacuum removes what nobody needs and nothing else', run: vacuumed },
];

const DAY_MS = 24 * 3_600_000;
/** As the machine says. */
const MOST_AT_ONCE = 8;

/** What a command that must succeed says. */
function done(place: Place, ...args: readonly string[]): string {
    const { code, output } = cartlake(place, ...args);
    equal(code, 0, `cartlake ${args.join(' ')}\n${output}`);
    return output;
}

const document = (place: Place, ...args: readonly string[]) => JSON.parse(done(place, ...args, '--json'));

async function attempts({ deployment }: Place, dataset: string): Promise<Map<string, number>> {
    const entries = (await allEntries(deployment.ledger)).filter((entry) => entry.dataset === dataset);
    return new Map(entries.map(({ id, attempt }) => [id, attempt]));
}

async function replayed(place: Place): Promise<void> {
    const { deployment } = place;
    const [marts, before] = [await martsOf(place.postgresUrl), await attempts(place, 'events')];
    const began = new Date().toISOString();
    const said = document(place, 'replay', '--dataset', 'events');

    equal(said.files.length, before.size);
    const after = await attempts(place, 'events');
    for (const [id, attempt] of before) equal(after.get(id), attempt + 1, `attempts of ${id}`);
    const ingests = (await deployment.log.list('ingest', 1_000)).filter(({ startedAt }) => startedAt >= began);
    equal(ingests.length, before.size);
    ok(mostAtOnce(ingests) <= MOST_AT_ONCE, `${mostAtOnce(ingests)} files were read at once`);
    // The sweeper comes every five minutes and asks for a build of what it finds staged.
    const builds = (await deployment.log.list('build', 100)).filter(({ startedAt }) => startedAt >= began);
    ok(builds.length <= 2, `${builds.length} builds for one replay`);
    deepEqual(await martsOf(place.postgresUrl), marts);
    match(cartlake(place, 'executions', said.replay).output, /Objects {2}ok[\s\S]*Request {2}ok/);
}

function mostAtOnce(executions: readonly ExecutionSummary[]): number {
    const changes = executions.flatMap(({ startedAt, stoppedAt = '9' }) => [
        { at: startedAt, by: 1 },
        { at: stoppedAt, by: -1 },
    ]);
    let [now, most] = [0, 0];
    for (const { by } of changes.sort((a, b) => (a.at < b.at || (a.at === b.at && a.by < b.by) ? -1 : 1))) {
        now += by;
        most = Math.max(most, now);
    }
    return most;
}

/** More often than the machine tries again. */
const FOR_GOOD = 4;

async function replayedAgain(place: Place): Promise<void> {
    const marts = await martsOf(place.postgresUrl);
    for (let number = 0; number < FOR_GOOD; number++) {
        await writeFile(join(place.faults, `${place.deployment.name}-request.${number}.crash-before`), '');
    }
    const dead = cartlake(place, 'replay', '--dataset', 'sessions');
    equal(dead.code, 1, dead.output);
    match(dead.output, /The replay replay-\w+-\d+ ended early \(FAILED\)/);
    match(done(place, 'replay', '--dataset', 'sessions'), /^Read \d+ files? again/m);
    const open = await place.deployment.ledger.unfinished();
    deepEqual(open, []);
    deepEqual(await martsOf(place.postgresUrl), marts);
}

async function redriven(place: Place): Promise<void> {
    const [file, bad] = [join(place.folder, 'products-wrong.csv'), join(place.folder, 'bad.csv')];
    await writeFile(file, 'product_id,category,base_price\n9301,Toys,3.00\n9302,Toys,four\n');
    done(place, 'ingest', file);
    match(done(place, 'quarantine'), /products-wrong\.csv +1 of 2/);
    match(done(place, 'quarantine', 'show', 'products-wrong.csv'), /base_price=four/);
    match(done(place, 'quarantine', 'export', 'products-wrong.csv', '--out', bad), /--target localstack/);
    await writeFile(bad, (await readFile(bad, 'utf8')).replace('9302,Toys,four', '9302,Toys,4.00'));
    match(done(place, 'quarantine', 'redrive', bad), /1 row accepted now, 0 of 2 left[\s\S]*dim_products/);
    match(done(place, 'quarantine', 'redrive', bad), /nothing was built/);
    const [row] = document(place, 'sql', "select category from dim_products where product_id = '9302'");
    equal(row.category, 'Toys');
}

async function backfilled(place: Place): Promise<void> {
    const marts = await martsOf(place.postgresUrl);
    const plan = document(place, 'backfill', 'fct_events', '--plan');
    ok(plan.bytes > 0);
    deepEqual(document(place, 'plan').models, []);
    const said = document(place, 'backfill', 'fct_events');
    ok(said.parts.length > 1);
    deepEqual(document(place, 'build').built, []);
    deepEqual(await martsOf(place.postgresUrl), marts);
}

async function rolledBack(place: Place): Promise<void> {
    const versions = () => document(place, 'history', 'dim_products').versions as { rows: number; current: boolean }[];
    const [newest, before] = versions();
    match(done(place, 'rollback', 'dim_products'), /--release --target localstack/);
    equal(versions().find(({ current }) => current)?.rows, before?.rows);
    match(done(place, 'rollback', 'dim_products', '--release'), /follows the builds again/);
    equal(versions().find(({ current }) => current)?.rows, newest?.rows);
}

async function asked(place: Place): Promise<void> {
    match(done(place, 'sql'), /dim_users +table[\s\S]*fct_events +table/);
    const [{ n }] = document(place, 'sql', 'select count(*) as n from fct_events');
    ok(n > 0);
    const now = new Date().toISOString();
    deepEqual(document(place, 'sql', '--as-of', now, 'select count(*) as n from fct_events'), [{ n }]);
    const diff = document(place, 'diff', 'dim_products', 'previous', 'current');
    ok(diff.added + diff.removed + diff.changed > 0);
    const trace = document(place, 'lineage', 'dim_products', 'product_id=9302');
    match(trace.steps[0].origins[0].uri, /products-wrong\.csv$/);
    const sales = cartlake(place, 'report', 'sales');
    equal(sales.code, 2, sales.output);
    match(sales.output, /There are no sales in this lake yet/);
}

async function vacuumed(place: Place): Promise<void> {
    const { deployment, postgresUrl } = place;
    match(done(place, 'vacuum', '--dry-run'), /Nothing to remove/);
    match(done(place, 'vacuum'), /Nothing to remove/);
    const marts = await martsOf(postgresUrl);
    const now = () => new Date(Date.now() + 60 * DAY_MS).toISOString();
    const before = await vacuum({ ...deployment, now }, { keepDays: 30, dryRun: true });
    const gone = await vacuum({ ...deployment, now }, { keepDays: 30, dryRun: false });
    deepEqual(gone, before);
    ok(gone.files > 10, `${gone.files} files removed`);
    ok(Object.keys(gone.versions).includes('dim_products'));
    equal((await vacuum({ ...deployment, now }, { keepDays: 30, dryRun: false })).files, 0);

    const there = new Set((await deployment.blobs.list('marts')).map(({ key }) => key));
    for (const key of await deployment.control.list('control/catalog')) {
        const current = await deployment.catalog.current(key.slice('control/catalog/'.length));
        for (const file of Object.values(current?.parts ?? {}).flatMap(filesOf)) ok(there.has(file), `${file} is gone`);
    }
    document(place, 'sql', 'select count(*) as n from fct_events');
    const refused = cartlake(place, 'rollback', 'fct_events', '--to', 'no-such');
    equal(refused.code, 2, refused.output);
    done(place, 'replay', '--dataset', 'products');
    deepEqual(await martsOf(postgresUrl), marts);
}
