import { afterAll, beforeAll } from 'vitest';
import { describeMartPublisher } from '#test/support/store-contracts/publisher.ts';
import { aDatabase, type TestDatabase } from './database.ts';

let db: TestDatabase;

beforeAll(async () => {
    db = await aDatabase();
});
afterAll(() => db.remove());

describeMartPublisher('PostgreSQL', async () => {
    await db.reset();
    const rows = (table: string) => db.rows(`select id, name from marts."${table}" order by id`);
    return { publisher: db.publisher, rows };
});
