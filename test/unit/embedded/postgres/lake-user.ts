/**
 * A process that uses the PostgreSQL of a folder, for tests that need several of them or kill one.
 *
 *   node lake-user.ts <folder> hold           acquire, print the URL, release when standard input ends
 *   node lake-user.ts <folder> churn <times>  acquire, query, release, again and again; print "done"
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { selectRows } from '#adapters/postgres/query.ts';
import { createPostgresServer } from '#embedded/postgres/server.ts';

const [folder = '', mode, times] = process.argv.slice(2);
const server = createPostgresServer({ folder });

async function hold(): Promise<void> {
    const lease = await server.acquire();
    process.stdout.write(`${lease.url}\n`);
    for await (const _ of process.stdin);
    await lease.release();
}

async function churn(rounds: number): Promise<void> {
    for (let round = 0; round < rounds; round += 1) {
        const lease = await server.acquire();
        await selectRows(lease.url, 'select 1');
        await sleep((process.pid * 7 + round * 13) % 30);
        await selectRows(lease.url, 'select 1');
        await lease.release();
        await sleep((process.pid * 3 + round * 11) % 20);
    }
    process.stdout.write('done\n');
}

await (mode === 'hold' ? hold() : churn(Number(times)));
