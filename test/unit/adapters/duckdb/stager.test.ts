import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ContractError } from '#core/errors.ts';
import { aColumn, aContract } from '#test/support/builders.ts';
import { testDatabase } from '#test/support/duckdb.ts';
import { stageFile } from '#test/support/stage-file.ts';
import { temporaryFolder } from '#test/support/temporary.ts';

const database = testDatabase('staging');
const contract = aContract({
    columns: [
        aColumn('order_id', { type: 'bigint', required: true, aliases: ['id'] }),
        aColumn('ordered_at', { type: 'timestamp', required: true }),
        aColumn('status', { valueAliases: { offen: 'open' }, allowedValues: ['open', 'paid'] }),
        aColumn('total', { type: 'decimal(18,2)', minimum: '0' }),
        aColumn('note'),
    ],
});
const strict = aContract({ columns: contract.columns, schemaPolicy: 'strict' });

const staged = (content: Buffer | string, of = contract) => stageFile(database, of, content);
const HEADING = 'order_id,ordered_at,status,total,note';
const good = (id: number | string) => `${id},2026-01-02 03:04:05,open,1.50,fine`;
const csv = (...lines: readonly string[]) => `${[HEADING, ...lines].join('\n')}\n`;

/** Reasons by record number. */
const refusals = ({ rejectedRows }: Awaited<ReturnType<typeof staged>>) =>
    rejectedRows.map(({ _source_row: row, reasons }) => [row, reasons]);

describe('an accepted row', () => {
    it('has its typed values, what the contract does not name, and where it came from', async () => {
        const { acceptedRows } = await staged(
            'id,ordered_at,status,total,note,channel,campaign\n7,2026-01-02T03:04:05Z, OFFEN ,1.5,"a, ""b""",web,\n',
        );

        expect(acceptedRows).toEqual([
            {
                order_id: 7,
                ordered_at: '2026-01-02 03:04:05',
                status: 'open',
                total: '1.50',
                note: 'a, "b"',
                _extra: '{"channel":"web","campaign":null}',
                _source_uri: 'landing/orders/orders.csv',
                _source_version: 'v1',
                _source_row: 1,
                _landed_at: '2026-01-01 00:00:00',
                _ingested_at: '2026-01-01 00:00:01',
                _run_id: 'abc-1',
                _contract_version: '1.0.0',
            },
        ]);
    });

    it('is counted by date, and the newest instant is known to the millisecond', async () => {
        const result = await staged(
            csv(good(1), '2,2026-01-02T23:59:59.999Z,open,,', '3,2026-03-01,paid,,', '4,nonsense,paid,,'),
        );

        expect(result.dates).toEqual({ '2026-01-02': 2, '2026-03-01': 1 });
        expect(result.newest).toBe('2026-03-01T00:00:00.000Z');
    });

    it('has no dates where the contract names no date column', async () => {
        const undated = aContract({ columns: contract.columns, dateColumn: undefined });

        expect(await staged(csv(good(1)), undated)).toMatchObject({ dates: {}, newest: undefined, accepted: 1 });
    });
});

describe('a rejected row', () => {
    it('keeps all its reasons and its text', async () => {
        const result = await staged(csv(good(1), ',soon,lost,-1,"x"', good(3)));

        expect(result).toMatchObject({ read: 3, accepted: 2, rejected: 1 });
        expect(refusals(result)).toEqual([
            [2, ['order_id: missing_value', 'ordered_at: not_a_timestamp', 'status: not_allowed', 'total: too_small']],
        ]);
        expect(JSON.parse(String(result.rejectedRows[0]?.raw))).toEqual({
            order_id: null,
            ordered_at: 'soon',
            status: 'lost',
            total: '-1',
            note: 'x',
        });
        expect(result.reasons).toEqual({
            'order_id: missing_value': 1,
            'ordered_at: not_a_timestamp': 1,
            'status: not_allowed': 1,
            'total: too_small': 1,
        });
    });

    it('that cannot be cut into fields is numbered among the others', async () => {
        const result = await staged(
            csv(good(1), 'too,few', good(3), `${good(4)},too,many`, good(5), good(6), '7,"open" end,x,1,y', good(8)),
        );

        expect(result).toMatchObject({ read: 8, accepted: 5, rejected: 3 });
        expect(result.acceptedRows.map(({ order_id, _source_row }) => [order_id, _source_row])).toEqual(
            [1, 3, 5, 6, 8].map((n) => [n, n]),
        );
        expect(refusals(result).map(([row]) => row)).toEqual([2, 4, 7]);
        expect(refusals(result).slice(0, 2)).toEqual([
            [2, ['row: too_few_fields']],
            [4, ['row: too_many_fields']],
        ]);
        expect(String(result.rejectedRows[0]?.raw)).toContain('too,few');
    });

    it('that is no UTF-8 says so', async () => {
        const lines = Buffer.concat([
            Buffer.from(csv(good(1))),
            Buffer.from('2,2026-01-02,open,1,M\xfcnchen\n', 'latin1'),
            Buffer.from(`${good(3)}\n`),
        ]);
        const result = await staged(lines);

        expect(result).toMatchObject({ read: 3, accepted: 2, rejected: 1 });
        expect(refusals(result)).toEqual([[2, ['row: not_utf8']]]);
    });
});

describe('numbers of records', () => {
    it('count records, not lines, where quoted fields hold line breaks', async () => {
        const result = await staged(
            csv('1,2026-01-01,open,1,"two\nlines"', 'x,2026-01-01,open,1,"three\n\nlines"', good(3)),
        );

        expect(result).toMatchObject({ read: 3, accepted: 2, rejected: 1 });
        expect(result.acceptedRows.map(({ order_id, _source_row }) => [order_id, _source_row])).toEqual([
            [1, 1],
            [3, 3],
        ]);
        expect(refusals(result)).toEqual([[2, ['order_id: not_an_integer']]]);
    });

    it('count broken records after quoted line breaks', async () => {
        const result = await staged(csv('1,2026-01-01,open,1,"two\nlines"', 'too,few', good(3), 'few', good(5)));

        expect(result).toMatchObject({ read: 5, accepted: 3, rejected: 2 });
        expect(result.acceptedRows.map(({ order_id, _source_row }) => [order_id, _source_row])).toEqual([
            [1, 1],
            [3, 3],
            [5, 5],
        ]);
        expect(refusals(result).map(([row]) => row)).toEqual([2, 4]);
    });
});

describe('a CSV file', () => {
    it.each([
        ['a byte order mark', `\ufeff${csv(good(1), good(2))}`],
        ['carriage returns and line feeds', csv(good(1), good(2)).replaceAll('\n', '\r\n')],
        ['no line end at its end', csv(good(1), good(2)).trimEnd()],
        ['blank lines before its heading', `\n\n${csv(good(1), good(2))}`],
        ['blank lines at its end', `${csv(good(1), good(2))}\n\n`],
        ['semicolons', csv(good(1), good(2)).replaceAll(',', ';')],
        ['control characters between fields', csv(good(1), good(2)).replaceAll(',', '\x01')],
        ['quotes around everything', csv(good(1), good(2)).replaceAll(/[^,\n]+/g, (field) => `"${field}"`)],
        ['gzip', gzipSync(csv(good(1), good(2)))],
        ['UTF-16', Buffer.from(`\ufeff${csv(good(1), good(2))}`, 'utf16le')],
        ['UTF-16, big end first, in gzip', gzipSync(Buffer.from(`\ufeff${csv(good(1), good(2))}`, 'utf16le').swap16())],
    ])('may have %s', async (_, content) => {
        const result = await staged(content);

        expect(result).toMatchObject({ read: 2, accepted: 2, rejected: 0 });
        expect(result.acceptedRows.map(({ order_id, note, _source_row }) => [order_id, note, _source_row])).toEqual([
            [1, 'fine', 1],
            [2, 'fine', 2],
        ]);
    });

    it('may have an index under an empty heading, between tabs', async () => {
        const text = csv(good(1), good(2))
            .replaceAll(',', '\t')
            .split('\n')
            .map((line, n) => (line ? `${n || ''}\t${line}` : line));

        expect(await staged(text.join('\n'))).toMatchObject({ read: 2, accepted: 2, rejected: 0 });
    });

    it('may have a heading and no rows', async () => {
        expect(await staged(csv())).toMatchObject({
            read: 0,
            accepted: 0,
            rejected: 0,
            acceptedPath: undefined,
            rejectedPath: undefined,
        });
    });

    it('may have all rows rejected', async () => {
        const result = await staged(csv('x,1', 'y,2'));

        expect(result).toMatchObject({ read: 2, accepted: 0, rejected: 2, acceptedPath: undefined });
        expect(refusals(result).map(([row]) => row)).toEqual([1, 2]);
    });

    it('keeps an empty text apart from no text only as far as CSV does', async () => {
        const { acceptedRows } = await staged(csv('1,2026-01-01,,,""', '2,2026-01-01,,,'));

        expect(acceptedRows.map(({ status, total }) => [status, total])).toEqual([
            [null, null],
            [null, null],
        ]);
    });
});

describe('a JSON file', () => {
    it('numbers its lines whether they can be read or not', async () => {
        const json = (id: number, note = 'fine') =>
            JSON.stringify({ order_id: id, ordered_at: '2026-01-02 03:04:05', status: 'open', note });
        const long = 'x'.repeat(2_500_000);
        const lines = [json(1), json(2, long), '', '{', json(5), json(6, long), json(7, long), json(8), 'null'];
        const result = await staged(`${lines.join('\n')}\n`);

        expect(result.acceptedRows.map((row) => [row._source_row, row.order_id])).toEqual([
            [1, 1],
            [5, 5],
            [8, 8],
        ]);
        expect(refusals(result)).toEqual([
            [2, ['row: line_too_long']],
            [4, ['row: invalid_json']],
            [6, ['row: line_too_long']],
            [7, ['row: line_too_long']],
            [9, ['row: not_an_object']],
        ]);
    });

    const rows = [
        { order_id: 1, ordered_at: '2026-01-02T03:04:05Z', status: 'open', total: 1.5, note: 'ä "q"', channel: 'web' },
        { id: 2, ordered_at: '2026-01-02', total: '7', note: null },
        { order_id: 'x', ordered_at: '2026-01-02' },
        { order_id: 4, ordered_at: '2026-01-02', note: { nested: [1, 2] } },
    ];

    it.each([
        ['lines', rows.map((row) => JSON.stringify(row)).join('\n')],
        ['lines after a byte order mark', `\ufeff${rows.map((row) => JSON.stringify(row)).join('\r\n')}\r\n`],
        ['an array', JSON.stringify(rows)],
        ['an array over many lines', JSON.stringify(rows, null, 2)],
        ['an array after a byte order mark', `\ufeff${JSON.stringify(rows)}`],
        ['lines in gzip', gzipSync(rows.map((row) => JSON.stringify(row)).join('\n'))],
    ])('of %s is typed as CSV is', async (_, content) => {
        const result = await staged(content);

        expect(result).toMatchObject({ read: 4, accepted: 3, rejected: 1, dates: { '2026-01-02': 3 } });
        expect(
            result.acceptedRows.map(({ order_id, total, note, _source_row }) => [order_id, total, note, _source_row]),
        ).toEqual([
            [1, '1.50', 'ä "q"', 1],
            [2, '7.00', null, 2],
            [4, null, '{"nested":[1,2]}', 4],
        ]);
        expect(result.acceptedRows[0]?._extra).toBe('{"channel":"web"}');
        expect(result.acceptedRows[1]?._extra).toBeNull();
        expect(refusals(result)).toEqual([[3, ['order_id: not_an_integer']]]);
    });

    it('of lines numbers broken ones, and passes over blank ones', async () => {
        const line = (id: number) => JSON.stringify({ order_id: id, ordered_at: '2026-01-02' });
        const result = await staged([line(1), '{"cut": ', '', '[1]', '  ', line(6), '"text"', line(8)].join('\n'));

        expect(result).toMatchObject({ read: 6, accepted: 3, rejected: 3 });
        expect(refusals(result).map(([, reasons]) => reasons)).toEqual([
            ['row: invalid_json'],
            ['row: not_an_object'],
            ['row: not_an_object'],
        ]);
        // Where something stands in a file of lines is the number of its line.
        expect(result.acceptedRows.map(({ _source_row }) => _source_row)).toEqual([1, 6, 8]);
        expect(result.rejectedRows.map(({ _source_row }) => _source_row)).toEqual([2, 4, 7]);
        expect(result.rejectedRows[0]?.raw).toBe('{"cut": ');
    });

    it('refuses unknown keys where the contract is strict', async () => {
        const line = (more: object) => JSON.stringify({ order_id: 1, ordered_at: '2026-01-02', ...more });
        const result = await staged(
            [line({}), line({}), ...Array(300).fill(line({})), line({ surprise: 1 })].join('\n'),
            strict,
        );

        expect(result).toMatchObject({ read: 303, accepted: 302, rejected: 1 });
        expect(refusals(result)).toEqual([[303, ['row: unknown_column']]]);
    });

    it('that is cut off in the middle of an array is refused whole', async () => {
        await expect(staged(JSON.stringify(rows).slice(0, -20))).rejects.toThrow(ContractError);
    });
});

describe('a Parquet file', () => {
    async function parquet(select: string): Promise<Buffer> {
        const path = join(await temporaryFolder(), 'o.parquet');
        await database.session((session) => session.run(`copy (${select}) to '${path}' (format parquet)`));
        return readFile(path);
    }

    it('is typed as texts are, whatever types it has', async () => {
        const result = await staged(
            await parquet(
                `select 1::double as order_id, timestamptz '2026-01-02 03:04:05+01' as ordered_at, 'open' as status, 1.5::double as total, 7 as note, {'a': 1} as more
                 union all select null, timestamptz '2026-01-02 03:04:05+01', 'open', 2, 8, null
                 union all select 3, timestamptz '2026-01-02 03:04:05+01', null, null, null, null`,
            ),
        );

        expect(result).toMatchObject({ read: 3, accepted: 2, rejected: 1 });
        expect(
            result.acceptedRows.map(({ order_id, ordered_at, total, note, _source_row }) => [
                order_id,
                ordered_at,
                total,
                note,
                _source_row,
            ]),
        ).toEqual([
            [1, '2026-01-02 02:04:05', '1.50', '7', 1],
            [3, '2026-01-02 02:04:05', null, null, 3],
        ]);
        expect(refusals(result)).toEqual([[2, ['order_id: missing_value']]]);
    });

    it('may be empty', async () => {
        expect(await staged(await parquet(`select 1 as order_id, now() as ordered_at where false`))).toMatchObject({
            read: 0,
            accepted: 0,
        });
    });
});
