import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ended, cartlake as run } from './cartlake.ts';
import { removeLake } from './lake.ts';

/** One folder with one lake; each test goes on where the one before ended. */
let folder: string;
const cartlake = (words: readonly string[], input?: string): Promise<Ended> =>
    run(words, { cwd: folder, ...(input === undefined ? {} : { input }) });

// biome-ignore lint/suspicious/noExplicitAny: documents of many shapes
async function json(words: readonly string[], code = 0): Promise<any> {
    const ended = await cartlake([...words, '--json']);
    expect(ended, ended.err).toMatchObject({ code });
    return JSON.parse(ended.out);
}

const revenue = async (): Promise<string> =>
    (await json(['sql', 'select sum(net_revenue) as revenue from fct_events']))[0].revenue;

beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cartlake-cli-'));
});
afterAll(() => removeLake(join(folder, '.cartlake')).then(() => removeLake(folder)));

describe('cartlake', () => {
    it('says that there is no lake, and refuses what it does not know', async () => {
        expect(await cartlake(['status'])).toMatchObject({
            code: 2,
            err: expect.stringContaining('There is no lake in'),
        });
        expect(await cartlake(['statu'])).toMatchObject({
            code: 2,
            err: expect.stringContaining('Did you mean status?'),
        });
        expect(await cartlake(['ingest'])).toMatchObject({ code: 2, err: expect.stringContaining('missing required') });
        expect(await cartlake(['--version'])).toMatchObject({ code: 0, out: '0.1.0\n' });
    });

    it('takes in good files beside bad ones and tells what became of each', async () => {
        const options = ['--users', '60', '--seed', '3', '--dirty', '0.05', '--effect', '0.5', '--days', '60'];
        const shop = await json(['generate', 'shop', ...options, '--out', 'shop']);
        await writeFile(join(folder, 'users-bad.csv'), 'name\nada\n');

        const done = await json(['ingest', 'shop', 'users-bad.csv', 'none.csv'], 1);

        const states = done.files.map(({ file, state }: { file: string; state: string }) => [file, state]);
        expect(states).toEqual([
            ['shop/events.csv', 'accepted'],
            ['shop/experiment_assignments.csv', 'accepted'],
            ['shop/products.csv', 'accepted'],
            ['shop/sessions.csv', 'accepted'],
            ['shop/users.csv', 'accepted'],
            ['users-bad.csv', 'rejected'],
            ['none.csv', 'failed'],
        ]);
        expect(done.files[0].rows).toMatchObject({ read: shop.events.rows, rejected: shop.events.rejected });
        expect(done.files[5].why).toContain('user_id       missing (key)');
        expect(done).toMatchObject({ ok: false, failures: [], open: 0 });
        expect(done.published.map(({ model }: { model: string }) => model)).toContain('user_outcomes');
    });

    it('knows files it has, and is content with that', async () => {
        const { code, out } = await cartlake(['ingest', 'shop']);

        expect(code).toBe(0);
        expect(out).toMatch(/events\.csv +events +known/);
        expect(out).toContain('nothing was built');
        expect((await cartlake(['plan'])).out).toContain('Nothing new');
    });

    it('names what needs a hand until it is mended', async () => {
        const subjects = async () =>
            (await json(['status'])).troubles.map(({ subject }: { subject: string }) => subject);
        expect(await subjects()).toEqual(['landing/users/users-bad.csv']);

        const mended = 'user_id,signup_ts\n1,2024-01-01\n';
        const { code, out } = await cartlake(['ingest', '-', '--name', 'users-bad.csv', '--no-build'], mended);

        expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining('A build is waiting') });
        expect(await subjects()).toEqual(['build']);
        expect((await cartlake(['build'])).code).toBe(0);
        expect((await cartlake(['status'])).out).toContain('Nothing needs a hand.');
    });

    it('answers questions with DuckDB and with PostgreSQL alike, and only reads', async () => {
        const sql = 'select variant, count(*) as users from user_outcomes group by variant order by variant';

        const rows = await json(['sql', sql]);
        expect(rows.map(({ variant }: { variant: string }) => variant)).toEqual(['control', 'treatment']);
        expect(await json(['psql', '-c', sql])).toEqual(
            rows.map((row: { users: string }) => ({ ...row, users: Number(row.users) })),
        );
        expect((await cartlake(['sql', '--csv', '-'], 'select 1 as a, null as b')).out).toBe('a,b\n1,\n');
        expect(await cartlake(['sql', 'from fct_event'])).toMatchObject({
            code: 2,
            err: expect.stringContaining('fct_events'),
        });
        expect(await cartlake(['sql', 'drop view users'])).toMatchObject({ code: 2 });
        expect(await cartlake(['psql', '-c', 'delete from user_outcomes'])).toMatchObject({ code: 2 });
    });

    it('shows rejected rows with reasons, and writes them to a file', async () => {
        const { rows, rejected } = await json(['quarantine', 'show', 'events.csv', '--limit', '3']);

        expect(rows).toHaveLength(3);
        expect(rows[0].words[0]).toContain('expected');
        expect((await cartlake(['quarantine'])).out).toMatch(/events\.csv +\d+ of \d+/);
        expect(await json(['quarantine', 'export', 'events.csv', '--out', 'bad.csv'])).toMatchObject({
            rows: rejected,
        });
        expect((await readFile(join(folder, 'bad.csv'), 'utf8')).split('\n')[0]).toMatch(
            /^event_id,.*,_reasons,_source_uri,_source_row,_object,_raw$/,
        );
    });

    it('prints the decision and finds its page again when it is gone', async () => {
        const analysis = await json(['report']);
        expect(analysis).toMatchObject({ format: 'cartlake.experiment/3', experimentId: 'new_product_page' });
        await removeLake(join(folder, '.cartlake', 'reports'));

        const { out } = await cartlake(['report', 'new_product_page']);

        expect(out).toMatch(/^# new_product_page: /);
        const page = /Page: (file:.*)$/m.exec(out)?.[1] ?? '';
        expect(await readFile(new URL(page), 'utf8')).toContain('<html');
        expect(await cartlake(['report', 'other'])).toMatchObject({
            code: 2,
            err: expect.stringContaining('There is: new_product_page.'),
        });
    });

    it('keeps a setting for the lake, goes back to the table before it, and forward again', async () => {
        const asPaid = await revenue();
        const plan = await json(['plan', '--set', 'events.price_reading=unit_list']);
        expect(plan.models[0]).toMatchObject({ model: 'fct_events', certain: true });
        expect((await json(['status'])).settings).toEqual({});

        expect((await cartlake(['build', '--set', 'events.price_reading=unit_list'])).code).toBe(0);
        const asListed = await revenue();
        expect(asListed).not.toBe(asPaid);
        expect((await json(['status'])).settings).toEqual({ events: { price_reading: 'unit_list' } });

        expect((await cartlake(['rollback', 'fct_events'])).out).toContain('cartlake rollback fct_events --release');
        expect(await revenue()).toBe(asPaid);
        expect((await cartlake(['build'])).code).toBe(0);
        expect(await revenue()).toBe(asPaid);

        expect((await cartlake(['rollback', 'fct_events', '--release'])).code).toBe(0);
        expect(await revenue()).toBe(asListed);
    });

    it('shows executions as a list and one as a tree that names models', async () => {
        const list = await json(['executions']);
        const { name } = list.filter(({ machine }: { machine: string }) => machine === 'build').at(-1);

        const { out } = await cartlake(['executions', name]);

        expect(out).toContain('[fct_events]');
        expect(out).toMatch(/└─ Built {2}ok/);
        expect((await cartlake(['executions'])).out).toMatch(/ingest +\w{16} +events\.csv +succeeded/);
        expect(await cartlake(['executions', 'build-99'])).toMatchObject({ code: 2 });
    });

    it('reads landed files again', async () => {
        const { files, ok } = await json(['replay', '--object', 'products.csv']);

        expect({ ok, files }).toMatchObject({ ok: true, files: [{ state: 'accepted' }] });
        expect(await cartlake(['replay'])).toMatchObject({ code: 2, err: expect.stringContaining('either --dataset') });
    });

    it('says why a build failed, and publishes when the cause is gone', async () => {
        const nowhere = ['--postgres', 'postgres://u@127.0.0.1:1/x'];
        const failed = await json(['build', '--set', 'events.price_reading=', ...nowhere], 1);
        expect(failed.failures[0]).toContain('127.0.0.1:1/x cannot be reached');

        const { published } = await json(['build']);

        expect(published.map(({ model }: { model: string }) => model)).toContain('user_outcomes');
        expect((await json(['status'])).troubles).toEqual([]);
    });

    it('starts PostgreSQL for other tools and stops it', async () => {
        const { url, tables } = await json(['psql']);

        expect(tables).toContain('marts.user_outcomes');
        expect((await json(['status'])).postgres).toEqual({ running: true, url });
        expect(await json(['stop'])).toEqual({ stopped: true });
        expect((await json(['status'])).postgres.running).toBe(false);
    });

    it('deletes nothing but a lake, and asks', async () => {
        expect(await cartlake(['clean', '--yes', '--lake', folder])).toMatchObject({
            code: 2,
            err: expect.stringContaining('is not a lake'),
        });
        expect(await cartlake(['clean'])).toMatchObject({ code: 2, err: expect.stringContaining('add --yes') });
        await mkdir(join(folder, '.cartlake', 'my-notes'));
        expect(await cartlake(['clean', '--yes'])).toMatchObject({ code: 2, err: expect.stringContaining('my-notes') });
        await removeLake(join(folder, '.cartlake', 'my-notes'));

        expect(await json(['clean', '--yes'])).toEqual({ deleted: expect.stringContaining('.cartlake') });
        expect((await json(['clean', '--yes'])).deleted).toBeNull();
    });
});
