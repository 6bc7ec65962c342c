import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createPostgresServer } from '#embedded/postgres/server.ts';
import { cartlake, start } from './cartlake.ts';
import { removeLake } from './lake.ts';

let folder: string;
beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cartlake-cli-'));
});
afterAll(() => removeLake(join(folder, 'lake')).then(() => removeLake(folder)));

const run = (...words: string[]) => cartlake([...words, '--lake', 'lake'], { cwd: folder });

it('makes a demo that can be run twice, and does not mix it with another', async () => {
    const first = await run('demo', '--users', '60', '--json');
    const second = await run('demo', '--users', '60');

    expect(JSON.parse(first.out)).toMatchObject({ ok: true, page: expect.stringMatching(/^file:.*index\.html$/) });
    expect(second).toMatchObject({ code: 0, out: expect.stringContaining('cartlake quarantine --lake lake') });
    expect(await run('demo', '--users', '61')).toMatchObject({ code: 2, err: expect.stringContaining('another demo') });

    await writeFile(join(folder, 'products-mine.csv'), 'product_id,category,base_price\n9001,Toys,3.00\n');
    const mine = await run('ingest', 'products-mine.csv');
    expect(mine).toMatchObject({ code: 0, err: expect.stringContaining("this lake holds the demo's shop") });
});

it('gives the server back on Ctrl-C; the next build takes up what was under way', async () => {
    await cartlake(['generate', 'day', '--users', '60', '--days', '2', '--out', 'day'], { cwd: folder });
    const child = start(['ingest', 'day', '--lake', 'lake', '--set', 'events.price_reading=unit_list'], {
        cwd: folder,
    });
    const before = Date.now();
    const server = createPostgresServer({ folder: join(folder, 'lake', 'postgres') });
    while (!(await server.status()).running && Date.now() < before + 30_000) await sleep(20);
    child.kill('SIGINT');
    const [code] = await once(child, 'close');

    expect(code).toBe(130);
    expect((await server.status()).running).toBe(false);
    expect(await run('build')).toMatchObject({ code: 0 });
    expect(JSON.parse((await run('status', '--json')).out)).toMatchObject({ troubles: [], builds: { open: 0 } });
});

it('is silent when the reader of its output goes away', async () => {
    const child = start(['sql', '--csv', 'from range(3000000)', '--lake', 'lake'], { cwd: folder });
    child.stdout?.once('data', () => child.stdout?.destroy());
    const [said, [code]] = await Promise.all([text(child.stderr!), once(child, 'close')]);

    expect({ said, code }).toEqual({ said: '', code: 0 });
    expect(existsSync(join(folder, 'lake'))).toBe(true);
});
