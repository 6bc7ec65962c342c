import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from } from 'pg-copy-streams';
import type { Session } from '#adapters/duckdb/database.ts';
import type { Model } from '#core/models/model.ts';

/** Copies tables of a DuckDB into new tables of a PostgreSQL database, with their keys, in one transaction. */
export async function publishByCopy(
    session: Session,
    models: readonly Model[],
    folder: string,
    postgresUrl: string,
): Promise<void> {
    const client = new pg.Client(postgresUrl);
    await client.connect();
    await client.query('begin');
    for (const { name, key } of models) {
        const columns = await session.rows(`describe ${name}`);
        const path = join(folder, `${name}.csv`);
        await session.run(`copy ${name} to '${path}' (format csv, header false)`);
        const definitions = columns.map(
            (column) => `${column.column_name} ${postgresType(String(column.column_type))}`,
        );
        await client.query(`create table ${name} (${definitions.join(', ')})`);
        await pipeline(createReadStream(path), client.query(from(`copy ${name} from stdin (format csv)`)));
        await client.query(`alter table ${name} add primary key (${key.join(', ')})`);
    }
    await client.query('commit');
    await client.end();
}

/** Both databases know the other names. */
function postgresType(duckdbType: string): string {
    return duckdbType === 'DOUBLE' ? 'double precision' : duckdbType;
}
