import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createStager } from '#adapters/duckdb/stager.ts';
import { literal } from '#adapters/duckdb/text.ts';
import type { StageResult } from '#core/ingest/ports.ts';
import { aColumn, aContract } from '#test/support/builders.ts';
import { testDatabase } from '#test/support/duckdb.ts';
import { temporaryFolder } from '#test/support/temporary.ts';

const database = testDatabase('staging');
const contract = aContract({
    columns: [
        aColumn('order_id', { type: 'bigint', required: true, minimum: '1' }),
        aColumn('ordered_at', { type: 'timestamp', required: true }),
        aColumn('status', { required: true, allowedValues: ['open', 'paid'], valueAliases: { offen: 'open' } }),
        aColumn('note'),
    ],
});
const mapping = { order_id: ['order_id', 'id'], ordered_at: ['ordered_at'], status: ['status'], note: ['note'] };
const shared = {
    contract,
    mapping,
    extra: [],
    lineage: { landedAt: '2026-01-01T00:00:00.000Z', ingestedAt: '2026-01-01T00:00:01.000Z', runId: 'run-1' },
} as const;

/** Fields of an object as JSON text, by how good they are. */
const GOOD: Record<string, readonly string[]> = {
    order_id: ['"order_id": 7', '"id": "8"', '"order_id": null, "id": 9', '"order_id": " 10 "'],
    ordered_at: [
        '"ordered_at": "2026-02-28T13:45:01"',
        '"ordered_at": "2026-02-28 13:45:01"',
        '"ordered_at": "2026-02-28T13:45:01.5+02:00"',
        '"ordered_at": "2026-2-8"',
    ],
    status: ['"status": "open"', '"status": "paid"', '"status": " OFFEN "'],
    note: ['', '"note": null', '"note": "ä \\"quoted\\" \\u0041"', '"note": {"a": [1.50, true]}', '"note": 1.50'],
};
const ODD: readonly string[] = [
    '"order_id": 0',
    '"order_id": "1e3"',
    '"id": null',
    '"ordered_at": "2026-02-30T10:00:00"',
    '"ordered_at": "2026-02-28T13:45:1 "',
    '"status": "lost"',
    '"status": ""',
    '"note": "a\\u0000b"',
    '"Note": "of another case"',
    '"unknown": {"deep": null}',
    '"status": "open", "status": "paid"',
];
const STRANGE: readonly string[] = ['5', 'null', '"text"', '[1]', '{}', '[{"order_id": 1}]'];

const plain = fc
    .tuple(...Object.values(GOOD).map((fields) => fc.constantFrom(...fields)))
    .map((fields) => `{${fields.filter((field) => field !== '').join(', ')}}`);
const odd = fc.tuple(plain, fc.constantFrom(...ODD)).map(([item, field]) => `${item.slice(0, -1)}, ${field}}`);
const PLAIN = fc.constantFrom(
    '{"order_id": 7, "ordered_at": "2026-02-28T13:45:01", "status": "open"}',
    '{"ordered_at": "2026-02-28 13:45:01", "note": "x", "status": "paid", "id": 8}',
    '{"order_id": 9, "ordered_at": "2026-03-01T00:00:00", "status": "open"}',
);
const item = fc.oneof({ weight: 8, arbitrary: plain }, odd, fc.constantFrom(...STRANGE));
const arrayOf = (items: fc.Arbitrary<string>) =>
    fc.array(items, { maxLength: 8 }).map((texts) => `[${texts.join(',\n')}]`);

/** What became of the rows of a part: lineage and everything the contract names. */
async function rowsOf({ acceptedPath, rejectedPath }: StageResult) {
    const read = (path: string | undefined, columns: string) =>
        path === undefined
            ? Promise.resolve([])
            : database.session((session) =>
                  session.rows(`select ${columns} from read_parquet(${literal(path)}) order by all`),
              );
    return {
        accepted: await read(acceptedPath, 'columns(* exclude (_run_id))'),
        rejected: await read(rejectedPath, '_source_uri, _source_row, reasons'),
    };
}

/** Stages parts at once, and each by itself as a file of its own. */
async function bothWays(texts: readonly string[]) {
    const folder = await temporaryFolder();
    const stager = createStager(database);
    const parts = await Promise.all(
        texts.map(async (text, index) => {
            const path = join(folder, `${index}.json`);
            await writeFile(path, text);
            return {
                path,
                size: Buffer.byteLength(text),
                sourceUri: `week.zip!/${index}.json`,
                sourceVersion: `v${index}`,
            };
        }),
    );
    const newFolder = async (name: string) => {
        await mkdir(join(folder, name));
        return join(folder, name);
    };
    const columns = ['order_id', 'ordered_at', 'status'];
    const format = { kind: 'json_array' as const, columns };
    const together = await stager.stageParts({
        ...shared,
        format,
        columns,
        parts,
        folder: await newFolder('together'),
    });
    const alone = { accepted: [] as unknown[], rejected: [] as unknown[], read: 0 };
    const spread = { dates: {} as Record<string, number>, newest: undefined as string | undefined };
    for (const [index, { path, ...identity }] of parts.entries()) {
        const lineage = { ...shared.lineage, ...identity };
        const staged = await stager.stage({
            ...shared,
            path,
            format,
            lineage,
            folder: await newFolder(`alone${index}`),
        });
        const rows = await rowsOf(staged);
        alone.accepted.push(...rows.accepted);
        alone.rejected.push(...rows.rejected);
        alone.read += staged.read;
        for (const [date, count] of Object.entries(staged.dates)) {
            spread.dates[date] = (spread.dates[date] ?? 0) + count;
        }
        if (staged.newest !== undefined && staged.newest > (spread.newest ?? '')) spread.newest = staged.newest;
    }
    const sorted = (rows: readonly unknown[]) => rows.map((row) => JSON.stringify(row)).sort();
    const rows = await rowsOf(together);
    return {
        together: {
            read: together.read,
            accepted: sorted(rows.accepted),
            rejected: sorted(rows.rejected),
            dates: together.dates,
            newest: together.newest,
        },
        alone: { read: alone.read, accepted: sorted(alone.accepted), rejected: sorted(alone.rejected), ...spread },
        staged: together,
    };
}

describe('parts that are staged at once', () => {
    it.each([
        ['plain rows', PLAIN],
        ['plain rows and a few others', fc.oneof({ weight: 20, arbitrary: PLAIN }, item)],
        ['good rows', plain],
        ['rows of all kinds', item],
    ])('have the rows each would have as a file of its own: %s', async (_, items) => {
        await fc.assert(
            fc.asyncProperty(fc.array(arrayOf(items), { minLength: 1, maxLength: 4 }), async (texts) => {
                const { together, alone, staged } = await bothWays(texts);

                expect(together).toEqual(alone);
                expect(staged.read).toBe(staged.accepted + staged.rejected);
            }),
            { numRuns: 40 },
        );
    });

    it('take a column from the first of its names, whatever the order of keys', async () => {
        const { together, alone } = await bothWays([
            '[{"id": 8, "ordered_at": "2026-02-28", "status": "open", "order_id": 7}]',
        ]);

        expect(together).toEqual(alone);
        expect(together.accepted).toEqual([expect.stringContaining('"order_id":7')]);
    });

    it('take a NUL for what it is, in the middle of good rows', async () => {
        const good = '{"order_id": 1, "ordered_at": "2026-02-28", "status": "open"}';
        const { together, alone } = await bothWays([
            `[${good}]`,
            `[${good}, ${good.replace('}', ', "note": "\\u0000"}')}]`,
        ]);

        expect(together).toEqual(alone);
        expect(together.rejected).toEqual([expect.stringContaining('note: nul_byte')]);
    });
});
