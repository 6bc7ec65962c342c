import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { identityOfBytes } from '#adapters/blake3/content-identity.ts';
import { literal } from '#adapters/duckdb/text.ts';
import { parseContract } from '#core/contracts/parse.ts';
import { ContractError, TransientError } from '#core/errors.ts';
import { stage } from '#core/ingest/stage.ts';
import { zipOf } from '#test/support/archives.ts';
import { testDatabase } from '#test/support/duckdb.ts';
import { temporaryFolder } from '#test/support/temporary.ts';
import { anIngest } from './pipeline.ts';

const file = 'contracts/order_events.odcs.yaml';
const contract = parseContract(readFileSync(new URL(`../../../../${file}`, import.meta.url), 'utf8'), file);
const database = testDatabase('staging');

const KEY = 'landing/order_events/events_2023_week_43.zip';
const view = { timestamp: '2023-10-23T10:00:00', customer_id: 'c1', event_type: 'view_product', product_id: 'p1' };
const purchase = { ...view, event_type: 'purchase', quantity: 2 };
const json = (...rows: unknown[]) => JSON.stringify(rows, null, 2);

/** Lands an archive (or a file), stages it, and reads what was written. */
async function stageLanded(bytes: Buffer | string, { key = KEY, strict = false } = {}) {
    const { context, land } = anIngest(database, strict ? { ...contract, schemaPolicy: 'strict' } : contract);
    const object = await land(key, bytes);
    const { entry } = await context.ledger.receive({
        object,
        dataset: 'order_events',
        size: 1,
        landedAt: context.now(),
    });
    const { staged } = await stage(context, entry.id, 'run-1');
    const rowsIn = async (keys: readonly string[]) => {
        const { paths } = await context.blobs.open(keys);
        const files = paths.map(literal).join(', ');
        const order = 'order by _source_uri, _source_row';
        return paths.length === 0
            ? []
            : database.session((session) =>
                  session.rows(`from read_parquet([${files}], union_by_name = true) ${order}`),
              );
    };
    return {
        staged,
        accepted: await rowsIn(staged.files),
        rejected: await rowsIn(staged.quarantine === undefined ? [] : [staged.quarantine]),
    };
}

/** Places and texts of rows, short. */
const placesOf = (rows: readonly Readonly<Record<string, unknown>>[]) =>
    rows.map(({ _source_uri, _source_row }) => `${String(_source_uri).slice(KEY.length)} ${_source_row}`);

describe('staging an archive', () => {
    it('names the path inside, numbers the rows of each part, and has its content as version', async () => {
        const first = json(view, purchase);
        const day = await zipOf({ 'part-001.json': first, 'part-002.json': json(purchase, view, view) });

        const { staged, accepted } = await stageLanded(
            await zipOf({ 'mon.zip': day, 'tue.zip': await zipOf({ 'part-001.json': json(view) }) }),
        );

        expect(placesOf(accepted)).toEqual([
            '!/mon.zip!/part-001.json 1',
            '!/mon.zip!/part-001.json 2',
            '!/mon.zip!/part-002.json 1',
            '!/mon.zip!/part-002.json 2',
            '!/mon.zip!/part-002.json 3',
            '!/tue.zip!/part-001.json 1',
        ]);
        expect(accepted[1]).toMatchObject({
            occurred_at: '2023-10-23 10:00:00',
            customer_id: 'c1',
            event_name: 'purchase',
            product_id: 'p1',
            quantity: 2,
            _extra: null,
            _source_version: await identityOfBytes(Buffer.from(first)),
            _run_id: 'run-1',
            _contract_version: '1.0.0',
        });
        expect(staged).toMatchObject({
            rows: { read: 6, accepted: 6, rejected: 0 },
            dates: { '2023-10-23': 6 },
            newest: '2023-10-23T10:00:00.000Z',
            parts: { read: 3, rejected: 0, examples: [] },
        });
        expect(staged.files).toHaveLength(1);
    });

    it('reads JSON arrays, lines of JSON, CSV, Parquet and gzip side by side', async () => {
        const parquet = join(await temporaryFolder(), 'p.parquet');
        const select =
            "select timestamp '2023-10-25 08:00:00' as timestamp, 'c9' as customer_id, 'purchase' as event_type, 3 as quantity";
        await database.session((session) => session.run(`copy (${select}) to ${literal(parquet)} (format parquet)`));

        const { staged, accepted } = await stageLanded(
            await zipOf({
                'a.json': json(view),
                'b.ndjson': `${JSON.stringify(view)}\n\n${JSON.stringify(purchase)}\n`,
                'c.csv':
                    'timestamp,customer_id,event_type,quantity\n2023-10-24,c2,purchase,1\n2023-10-24,c3,purchase,2\n',
                'd.json.gz': gzipSync(json(view)),
                'e.parquet': readFileSync(parquet),
                'f.json': Buffer.from(`\ufeff${json(view)}`, 'utf16le'),
                'g.json': ' [ ]\n',
            }),
        );

        expect(placesOf(accepted)).toEqual([
            '!/a.json 1',
            '!/b.ndjson 1',
            '!/b.ndjson 3',
            '!/c.csv 1',
            '!/c.csv 2',
            '!/d.json.gz 1',
            '!/e.parquet 1',
            '!/f.json 1',
        ]);
        expect(staged).toMatchObject({
            rows: { read: 8, accepted: 8, rejected: 0 },
            dates: { '2023-10-23': 5, '2023-10-24': 2, '2023-10-25': 1 },
            newest: '2023-10-25T08:00:00.000Z',
            parts: { read: 7, rejected: 0 },
        });
        expect(staged.files).toHaveLength(1);
    });

    it('rejects rows with their reasons and keeps the others', async () => {
        const { customer_id: _, ...nobody } = view;
        const bad = [
            nobody,
            { ...purchase, quantity: 0 },
            { ...purchase, quantity: -1 },
            { ...purchase, quantity: 1.5 },
            { ...view, event_type: 'teleported' },
            { ...view, timestamp: '2023-02-30T10:00:00' },
            null,
            'text',
            [1],
            { ...view, customer_id: ' ', quantity: 'two' },
        ];
        const good = [
            { ...purchase, quantity: '2' },
            { ...view, event_type: 'PRODUCT_VIEWED' },
        ];

        const { staged, accepted, rejected } = await stageLanded(
            await zipOf({ 'a.json': json(...good), 'b.json': json(view, ...bad, view) }),
        );

        expect(placesOf(accepted)).toEqual(['!/a.json 1', '!/a.json 2', '!/b.json 1', '!/b.json 12']);
        expect(accepted.slice(0, 2)).toMatchObject([{ quantity: 2 }, { event_name: 'view_product' }]);
        expect(rejected.map(({ _source_row, reasons }) => [_source_row, ...(reasons as string[])])).toEqual([
            [2, 'customer_id: missing_value'],
            [3, 'quantity: too_small'],
            [4, 'quantity: too_small'],
            [5, 'quantity: not_an_integer'],
            [6, 'event_name: not_allowed'],
            [7, 'occurred_at: not_a_timestamp'],
            [8, 'row: not_an_object'],
            [9, 'row: not_an_object'],
            [10, 'row: not_an_object'],
            [11, 'customer_id: missing_value', 'quantity: not_an_integer'],
        ]);
        expect(JSON.parse(String(rejected[1]?.raw))).toEqual(bad[1]);
        expect(staged.rows).toEqual({ read: 14, accepted: 4, rejected: 10 });
        expect(staged.reasons).toMatchObject({ 'row: not_an_object': 3, 'quantity: too_small': 2 });
    });

    it('takes times without zone as UTC and times with one as they say', async () => {
        const times = [
            '2023-10-23T10:00:00',
            '2023-10-23T10:00:00Z',
            '2023-10-23T10:00:00+02:00',
            '2023-10-23 10:00:00.250 -05:00',
        ];

        const { accepted } = await stageLanded(
            await zipOf({ 'a.json': json(...times.map((timestamp) => ({ ...view, timestamp }))) }),
        );

        expect(accepted.map(({ occurred_at }) => occurred_at)).toEqual([
            '2023-10-23 10:00:00',
            '2023-10-23 10:00:00',
            '2023-10-23 08:00:00',
            '2023-10-23 15:00:00.25',
        ]);
    });

    it('keeps keys the contract does not name, also where some rows alone have them', async () => {
        const { staged, accepted } = await stageLanded(
            await zipOf({
                'a.json': json({ ...view, campaign: 'autumn', tags: [1] }, view, { ...view, quantity: null }),
            }),
        );

        expect(accepted.map(({ _extra }) => _extra)).toEqual(['{"campaign":"autumn","tags":[1]}', null, null]);
        expect(staged.extraColumns).toEqual(['campaign', 'tags']);
    });

    it('takes the same of a key that comes twice, whether or not other keys are known', async () => {
        const twice = (more: string) =>
            `[{"ts": "2023-10-23", "customerId": "c1", "action": "buy", "action": "view"${more}}]`;
        const known = await stageLanded(await zipOf({ 'a.json': twice('') }));
        const extra = await stageLanded(await zipOf({ 'a.json': twice(', "odd": 1') }));

        const shown = ({ accepted }: typeof known) => accepted.map(({ event_name, _extra }) => [event_name, _extra]);
        expect(shown(known)).toEqual(shown(extra).map(([name]) => [name, null]));
        expect(shown(extra)).toEqual([[expect.any(String), '{"odd":1}']]);
    });

    it('finds a column under each of its names, also where names differ in case alone', async () => {
        const { accepted } = await stageLanded(
            await zipOf({
                'a.json': json({ ts: '2023-10-23', customerId: 'c1', action: 'buy', item_id: 'p1', qty: 3 }),
                'b.json': json({ TS: '2023-10-23', CUSTOMERID: 'c2', Action: 'buy', SKU: 'p2', Qty: 4 }),
                'c.json': json(view),
            }),
        );

        expect(
            accepted.map(({ customer_id, event_name, product_id, quantity }) => [
                customer_id,
                event_name,
                product_id,
                quantity,
            ]),
        ).toEqual([
            ['c1', 'purchase', 'p1', 3],
            ['c2', 'purchase', 'p2', 4],
            ['c1', 'view_product', 'p1', null],
        ]);
    });

    it('rejects rows with unknown keys under a strict contract', async () => {
        const archive = await zipOf({
            'a.json': json(view, view),
            'b.ndjson': [view, { ...view, odd: 1 }].map((row) => JSON.stringify(row)).join('\n'),
        });
        const late = await zipOf({ 'a.json': json(...Array.from({ length: 300 }, () => view), { ...view, odd: 1 }) });

        await expect(stageLanded(archive, { strict: true })).resolves.toMatchObject({
            staged: {
                parts: { rejected: 1, examples: [{ name: 'b.ndjson', reason: expect.stringContaining('+ "odd"') }] },
            },
        });
        expect((await stageLanded(late, { strict: true })).rejected).toMatchObject([
            { _source_row: 301, reasons: ['row: unknown_column'] },
        ]);
    });
});

describe('a part that cannot be read', () => {
    it.each([
        [
            'is a page of HTML',
            '<html><body>502 Bad Gateway</body></html>',
            /0 of 5 columns of order_events|the file does not fit/,
        ],
        [
            'is cut off',
            json(view, view).slice(0, 150),
            /^The file cannot be read: .*Malformed JSON in file "bad\.json"/,
        ],
        ['has text after its end', `${json(view)} and more`, /^The file cannot be read: .*Malformed JSON/],
        ['is empty', '', /^The file is empty/],
        ['is about something else', json({ visitor: 'v1' }), /the file does not fit the contract/],
        ['is binary', Buffer.from(Array.from({ length: 500 }, (_, index) => index % 9)), /^The file is not text/],
        ['is not UTF-8', Buffer.from(json({ ...view, customer_id: 'ä' }), 'latin1'), /^The file cannot be read/],
    ])('because it %s is left out with its reason; the others are kept', async (_what, content, reason) => {
        const { staged, accepted } = await stageLanded(
            await zipOf({ 'a.json': json(view, view), 'bad.json': content, 'c.json': json(purchase) }),
        );

        expect(placesOf(accepted)).toEqual(['!/a.json 1', '!/a.json 2', '!/c.json 1']);
        expect(staged.rows).toEqual({ read: 3, accepted: 3, rejected: 0 });
        expect(staged.parts).toEqual({
            read: 2,
            rejected: 1,
            examples: [{ name: 'bad.json', reason: expect.stringMatching(reason) }],
        });
    });

    it('is named with what keeps the archive from unpacking it', async () => {
        const cut = (await zipOf({ 'part-001.json': json(view) })).subarray(0, 80);

        const { staged } = await stageLanded(
            await zipOf({ 'mon.zip': cut, 'tue.zip': await zipOf({ 'part-001.json': json(view) }) }),
        );

        expect(staged.parts).toMatchObject({ read: 1, rejected: 1, examples: [{ name: 'mon.zip' }] });
    });

    it('makes a line unreadable in a part of lines, not the part', async () => {
        const lines = [JSON.stringify(view), '{"timestamp": oops}', '', JSON.stringify(purchase), '[1]'].join('\r\n');
        const long = JSON.stringify({ ...view, note: 'x'.repeat(2_200_000) });

        const { staged, rejected } = await stageLanded(
            await zipOf({ 'a.ndjson': lines, 'b.ndjson': `${JSON.stringify(view)}\n${long}\n` }),
        );

        expect(
            rejected.map(({ _source_uri, _source_row, reasons }) => [
                String(_source_uri).slice(-8),
                _source_row,
                reasons,
            ]),
        ).toEqual([
            ['a.ndjson', 2, ['row: invalid_json']],
            ['a.ndjson', 5, ['row: not_an_object']],
            ['b.ndjson', 2, ['row: line_too_long']],
        ]);
        expect(staged.rows.read).toBe(staged.rows.accepted + staged.rows.rejected);
    });
});

describe('an archive is rejected as a whole', () => {
    it('when none of its files can be read', async () => {
        const bad = stageLanded(await zipOf({ 'a.json': 'x', 'b.json': '', 'c.txt': 'y', 'd.txt': 'z' }));

        await expect(bad).rejects.toBeInstanceOf(ContractError);
        await expect(bad).rejects.toThrow(/^None of the 4 files in the archive can be read\. \w\.\w+: /);
    });

    it('when it holds none', async () => {
        const empty = stageLanded(await zipOf({ '__MACOSX/._a.json': 'x' }));

        await expect(empty).rejects.toThrow('The zip archive holds no files. Make it again.');
    });
});

describe('rows that are identified by content', () => {
    it('are the same rows in an archive of another name, and in a file of its own', async () => {
        const part = json(view, purchase);
        const identities = async (bytes: Buffer | string, key: string) =>
            (await stageLanded(bytes, { key })).accepted.map(
                ({ _source_version, _source_row }) => `${_source_version} ${_source_row}`,
            );

        const first = await identities(await zipOf({ 'mon.zip': await zipOf({ 'part-001.json': part }) }), KEY);
        const again = await identities(
            await zipOf({ 'other/x.zip': await zipOf({ 'y.json.gz': gzipSync(part) }) }),
            'landing/order_events/again.zip',
        );
        const alone = await identities(part, 'landing/order_events/order_events.json');
        const zipped = await identities(gzipSync(part), 'landing/order_events/order_events.json.gz');

        expect(again).toEqual(first);
        expect(alone).toEqual(first);
        expect(zipped).toEqual(first);
    });

    it('differ where files of one name differ', async () => {
        const versions = async (...rows: unknown[]) =>
            (await stageLanded(await zipOf({ 'part-001.json': json(...rows) }))).accepted.map(
                ({ _source_version }) => _source_version,
            );

        expect(await versions(view)).not.toEqual(await versions(purchase));
    });
});

describe('a large archive', () => {
    it('keeps the order of its rows and their numbers, whatever the size of a part', async () => {
        const rows = (part: string, count: number) =>
            Array.from({ length: count }, (_, index) => ({ ...view, customer_id: `${part}${index + 1}` }));
        const sizes = { a: 9_000, b: 1, c: 9_000, d: 3, e: 9_000 };
        const parts = Object.entries(sizes).map(([part, count]) => [`${part}.json`, json(...rows(part, count))]);
        const tail = { 'f.json': json(...rows('f', 2), { ...view, quantity: 0 }, ...rows('g', 1)) };
        const archive = { ...(Object.fromEntries(parts) as Record<string, string>), ...tail };

        const flat = await stageLanded(await zipOf(archive));
        const wide = await stageLanded(
            await zipOf({
                ...archive,
                'z.json': json(view, { ...view, note: randomBytes(4_000_000).toString('hex') }),
            }),
        );

        const expected = [
            ...Object.entries(sizes).flatMap(([part, count]) =>
                Array.from({ length: count }, (_, index) => [`!/${part}.json ${index + 1}`, `${part}${index + 1}`]),
            ),
            ['!/f.json 1', 'f1'],
            ['!/f.json 2', 'f2'],
            ['!/f.json 4', 'g1'],
        ];
        const found = (accepted: typeof flat.accepted) =>
            placesOf(accepted).map((place, index) => [place, accepted[index]?.customer_id]);
        expect(found(flat.accepted)).toEqual(expected);
        expect(found(wide.accepted)).toEqual([
            ...expected,
            ['!/z.json 1', view.customer_id],
            ['!/z.json 2', view.customer_id],
        ]);
        for (const { rejected } of [flat, wide]) expect(placesOf(rejected)).toEqual(['!/f.json 3']);
    });

    it('is staged in several goes', async () => {
        const parts = Object.fromEntries(
            Array.from({ length: 4_010 }, (_, index) => [`${index}.json`, json({ ...view, customer_id: `c${index}` })]),
        );

        const { staged, accepted } = await stageLanded(await zipOf({ ...parts, 'bad.json': 'x' }));

        expect(staged.rows).toEqual({ read: 4_010, accepted: 4_010, rejected: 0 });
        expect(staged.files).toHaveLength(2);
        expect(new Set(accepted.map(({ customer_id }) => customer_id)).size).toBe(4_010);
        expect(staged.parts).toMatchObject({ read: 4_010, rejected: 1 });
    });
});

describe('files of parts', () => {
    it.each([
        ['staged', 'json'],
        ['not staged, because the engine fails', 'broken'],
    ])('are given back once each when they are %s', async (_what, kind) => {
        const { context, land } = anIngest(database, contract);
        const object = await land(
            KEY,
            await zipOf({ 'a.json': json(view), 'b.csv': 'x', 'c.json': '[]', 'd.json': '' }),
        );
        const { entry } = await context.ledger.receive({
            object,
            dataset: 'order_events',
            size: 1,
            landedAt: context.now(),
        });
        const given: string[] = [];
        const archives = {
            ...context.archives,
            takeBack: (parts: Iterable<{ path: string; size: number }>) => {
                for (const { path } of parts) given.push(basename(path));
            },
        };
        const stager = { ...context.stager, stageParts: () => Promise.reject(new TransientError('no engine')) };
        const staging = stage({ ...context, archives, ...(kind === 'broken' && { stager }) }, entry.id, 'run-1');

        if (kind === 'broken') await expect(staging).rejects.toThrow('no engine');
        else await staging;

        expect(given.sort()).toEqual(['1.part', '2.part', '3.part', '4.part']);
    });
});
