import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { selectRows } from '#adapters/postgres/query.ts';
import { createDatabaseServer, type DatabaseServer } from '#embedded/database-server.ts';
import { emptyLake, removeLake } from '#test/e2e/lake.ts';

let lake: string;
let database: DatabaseServer;

beforeAll(async () => {
    lake = await emptyLake();
    database = await createDatabaseServer(lake, undefined);
});
afterAll(() => removeLake(lake));

async function killServer(): Promise<void> {
    const { pid } = (await database.own?.status()) ?? {};
    process.kill(pid as number, 'SIGKILL');
    while ((await database.own?.status())?.running) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe("the lake's own PostgreSQL", () => {
    it('is started at the first question and stays the same', async () => {
        expect(await database.own?.status()).toEqual({ running: false });
        const url = await database.url();

        expect(await database.url()).toBe(url);
        expect(await selectRows(url, 'select 1')).toMatchObject({ rows: [['1']] });
    });

    it('is started again when it died in between, once for all who ask', async () => {
        await killServer();
        const urls = await Promise.all([database.url(), database.url(), database.url()]);

        expect(new Set(urls).size).toBe(1);
        expect(await selectRows(urls[0], 'select 1')).toMatchObject({ rows: [['1']] });
    });

    it('stops when it is given back, however often it died', async () => {
        await killServer();
        await database.url();
        await database.close();

        expect(await database.own?.status()).toEqual({ running: false });
    });
});

it('leaves a database of somebody else alone', async () => {
    const other = await createDatabaseServer(lake, 'postgres://u:p@db.example:5432/shop');

    expect(await other.url()).toBe('postgres://u:p@db.example:5432/shop');
    expect(other.own).toBeUndefined();
    await other.close();
});
