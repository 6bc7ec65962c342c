import pg from 'pg';
import { createPostgresPublisher } from '#adapters/postgres/publish.ts';
import type { MartChange, MartPublisher, PublishMart } from '#core/publish/publisher.ts';
import { aLake, type TestLake } from '#test/unit/embedded/postgres/lake.ts';

/** A database in a new lake and a publisher on it. */
export interface TestDatabase extends TestLake {
    readonly url: string;
    readonly publisher: MartPublisher;
    /** Runs a statement over a connection of its own; rows are arrays of PostgreSQL's text. */
    rows(sql: string): Promise<(string | null)[][]>;
    /** Drops everything that was published. */
    reset(): Promise<void>;
}

export async function aDatabase(): Promise<TestDatabase> {
    const lake = await aLake();
    const { url } = await lake.server.acquire();
    const rows = async (sql: string) => {
        const client = new pg.Client(url);
        await client.connect();
        try {
            const types = { getTypeParser: () => (value: string) => value };
            return (await client.query<(string | null)[]>({ text: sql, rowMode: 'array', types })).rows;
        } finally {
            await client.end();
        }
    };
    const reset = async () => {
        await rows('drop schema if exists marts cascade');
        await rows('drop schema if exists cartlake cascade');
    };
    return { ...lake, url, publisher: createPostgresPublisher(url), rows, reset };
}

/** Lines of CSV as a stream, one chunk each. */
export async function* csv(...lines: string[]): AsyncGenerator<string> {
    for (const line of lines) yield `${line}\n`;
}

/** A stream that must not be read. */
export async function* unreadable(): AsyncGenerator<string> {
    yield 'x\n';
    throw new Error('this stream should not have been read');
}

/** A mart `sales` with columns day, shop (its key), amount, note; three rows unless told otherwise. */
export function aMart(fields: Partial<PublishMart> = {}): PublishMart {
    return {
        table: 'sales',
        columns: [
            { name: 'day', type: 'date' },
            { name: 'shop', type: 'varchar' },
            { name: 'amount', type: 'decimal(18,2)' },
            { name: 'note', type: 'varchar' },
        ],
        key: ['day', 'shop'],
        versionId: 'v1',
        change: {
            kind: 'full',
            rows: csv('2026-01-01,"a",1.00,"x"', '2026-01-01,"b",2.00,', '2026-01-02,"a",3.00,""'),
        },
        ...fields,
    };
}

/** A full change with these lines. */
export function full(...lines: string[]): MartChange {
    return { kind: 'full', rows: csv(...lines) };
}
