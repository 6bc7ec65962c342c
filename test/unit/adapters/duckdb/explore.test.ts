import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Explorer, openExplorer } from '#adapters/duckdb/explore.ts';
import { createFolderBlobs } from '#adapters/folder/blobs.ts';
import type { Statement } from '#core/build/ports.ts';
import { temporaryFolder } from '#test/support/temporary.ts';

const numbers: Statement = {
    inputs: new Map([
        [
            'values',
            {
                kind: 'values',
                columns: [
                    { name: 'n', type: 'bigint' },
                    { name: 'price', type: 'decimal(18,2)' },
                ],
                rows: [
                    ['1', '9.90'],
                    ['2', '0.10'],
                ],
            },
        ],
    ]),
    render: (bind) => `select * from ${bind('values')}`,
};

let explorer: Explorer;
beforeAll(async () => {
    const relations = [{ name: 'numbers', statement: numbers }];
    explorer = await openExplorer({ relations, blobs: createFolderBlobs('/nowhere'), temporary: '/tmp' });
});
afterAll(() => explorer.close());

async function rowsOf(sql: string): Promise<unknown[]> {
    const { batches } = await explorer.ask(sql);
    const rows: unknown[] = [];
    for await (const batch of batches) rows.push(...batch);
    return rows;
}

describe('ask', () => {
    it('answers with columns, types and values that lose nothing', async () => {
        const { columns } = await explorer.ask('select sum(price) as total from numbers');

        expect(columns).toEqual([{ name: 'total', type: 'decimal(38,2)' }]);
        expect(await rowsOf('select sum(price), count(*) from numbers')).toEqual([['10.00', '2']]);
    });

    it("speaks the models' dialect", async () => {
        expect(await rowsOf("select date_diff('day', date '2024-02-28', date '2024-03-01')")).toEqual([['2']]);
    });

    it.each([
        'describe numbers',
        'show tables',
        'from numbers',
        'explain select 1',
        'explain analyze select 1',
        'summarize numbers',
    ])('answers %s', async (sql) => {
        expect((await rowsOf(sql)).length).toBeGreaterThan(0);
    });

    it.each([
        ["copy numbers to '/tmp/never.csv'", 'found COPY'],
        ["explain analyze copy numbers to '/tmp/never.csv'", 'found COPY'],
        ['drop view numbers', 'found DROP'],
        ['create table t as select 1', 'found CREATE'],
        ["set memory_limit = '1GB'", 'found SET'],
        ["attach '/tmp/never.db'", 'found ATTACH'],
    ])('refuses %s', async (sql, message) => {
        await expect(explorer.ask(sql)).rejects.toThrow(message);
    });

    it('refuses several statements, none, and what DuckDB cannot read', async () => {
        await expect(explorer.ask('select 1; select 2')).rejects.toThrow('Expected one statement, found 2.');
        for (const empty of ['', ';', '-- nothing']) {
            await expect(explorer.ask(empty)).rejects.toThrow('Expected one statement, found none.');
        }
        await expect(explorer.ask('selec 1')).rejects.toThrow(/^Parser Error: syntax error at or near "selec"/);
        await expect(explorer.ask('select * from nothing')).rejects.toThrow('Table with name nothing does not exist!');
    });

    it('tells what goes wrong while rows come', async () => {
        await expect(rowsOf("select cast(n || 'x' as integer) from numbers")).rejects.toThrow('Conversion Error');
    });
});

it('saves rows by the ending of the file name', async () => {
    const folder = await temporaryFolder();

    expect(await explorer.save(numbers, join(folder, 'a.csv'))).toBe(2);
    await explorer.save(numbers, join(folder, 'a.ndjson'));

    expect(await readFile(join(folder, 'a.csv'), 'utf8')).toBe('n,price\n1,9.90\n2,0.10\n');
    expect(await readFile(join(folder, 'a.ndjson'), 'utf8')).toContain('{"n":1,"price":9.90}');
});
