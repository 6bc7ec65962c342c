import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aDatabase, aMart, type TestDatabase } from './database.ts';

let db: TestDatabase;

beforeAll(async () => {
    db = await aDatabase();
});
afterAll(() => db.remove());

describe("the CSV that DuckDB's COPY writes", () => {
    it('arrives in PostgreSQL as it was, nulls and empty strings apart', async () => {
        const file = join(db.lake, 'rows.csv');
        const duckdb = await DuckDBInstance.create();
        const connection = await duckdb.connect();
        await connection.run(`
            copy (
                select * from (values
                    (1::bigint, 0.1::double, true, 'plain', date '2026-01-31', timestamp '2026-01-31 10:00:00.123', 9.90::decimal(18,2)),
                    (9223372036854775807, 1e300, false, 'a "b", ' || chr(10) || '\\.' || chr(10) || 'NULL', date '1999-12-31', timestamp '1999-12-31 00:00:00', -0.01),
                    (3, 'nan'::double, null, '', null, null, null),
                    (4, 'infinity'::double, null, null, null, null, 9999999999999999.99)
                ) as t (i, f, b, t, d, ts, m)
            ) to '${file}' (format csv, header false, force_quote (t), nullstr '')`);
        connection.closeSync();
        const mart = aMart({
            key: ['i'],
            columns: [
                { name: 'i', type: 'bigint' },
                { name: 'f', type: 'double' },
                { name: 'b', type: 'boolean' },
                { name: 't', type: 'varchar' },
                { name: 'd', type: 'date' },
                { name: 'ts', type: 'timestamp' },
                { name: 'm', type: 'decimal(18,2)' },
            ],
            change: { kind: 'full', rows: createReadStream(file) },
        });

        await db.publisher.publish({ runId: 'r1', marts: [mart] });

        expect(await db.rows('select * from marts.sales order by i')).toEqual([
            ['1', '0.1', 't', 'plain', '2026-01-31', '2026-01-31 10:00:00.123', '9.90'],
            ['3', 'NaN', null, '', null, null, null],
            ['4', 'Infinity', null, null, null, null, '9999999999999999.99'],
            ['9223372036854775807', '1e+300', 'f', 'a "b", \n\\.\nNULL', '1999-12-31', '1999-12-31 00:00:00', '-0.01'],
        ]);
    });
});
