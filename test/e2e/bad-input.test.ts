import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LedgerEntry } from '#core/ledger/entry.ts';
import type { Runtime } from '#embedded/runtime.ts';
import { createRuntime } from '#embedded/runtime.ts';
import { emptyLake, ownProject, removeLake } from './lake.ts';

const HEADING =
    'event_id,event_ts,user_id,session_id,product_id,event_type,price_paid,quantity,discount_amount,properties\n';
const row = (id: number | string, more: { at?: string; price?: string; quantity?: string; event?: string } = {}) =>
    `${id},${more.at ?? '2023-01-01 00:00:00'},1,1,2,${more.event ?? 'purchase'},${more.price ?? '10.50'},${more.quantity ?? '1.0'},0.0,\n`;
const GOOD = HEADING + row(1) + row(2);
const manyRows = gzipSync(HEADING + Array.from({ length: 50_000 }, (_, index) => row(index + 1)).join(''));

interface Accepted {
    readonly name: string;
    readonly bytes: string | Buffer;
    readonly read: number;
    readonly accepted: number;
    /** Rejected rows by reason. */
    readonly reasons?: Readonly<Record<string, number>>;
}

const ACCEPTED: readonly Accepted[] = [
    { name: 'header-only.csv', bytes: HEADING, read: 0, accepted: 0 },
    { name: 'semicolons.csv', bytes: GOOD.replaceAll(',', ';'), read: 2, accepted: 2 },
    { name: 'hashes.csv', bytes: GOOD.replaceAll(',', '#'), read: 2, accepted: 2 },
    { name: 'byte-order-mark.csv', bytes: `\ufeff${GOOD}`, read: 2, accepted: 2 },
    { name: 'utf16-little.csv', bytes: Buffer.from(`\ufeff${GOOD}`, 'utf16le'), read: 2, accepted: 2 },
    { name: 'utf16-big.csv', bytes: Buffer.from(GOOD, 'utf16le').swap16(), read: 2, accepted: 2 },
    { name: 'whole.csv.gz', bytes: gzipSync(GOOD), read: 2, accepted: 2 },
    {
        name: 'mixed-line-ends.csv',
        bytes: `${HEADING.trim()}\r\n${row(1)}${row(2).trim()}\r\n${row(3)}`,
        read: 3,
        accepted: 3,
    },
    {
        name: 'extra-column.csv',
        bytes: GOOD.replace('properties', 'properties,coupon').replaceAll('0.0,\n', '0.0,,SAVE10\n'),
        read: 2,
        accepted: 2,
    },
    { name: 'duplicate-key.csv', bytes: HEADING + row(1) + row(1), read: 2, accepted: 2 },
    {
        name: 'latin1.csv',
        bytes: Buffer.from(GOOD + row(3, { event: 'caf\u00e9' }), 'latin1'),
        read: 3,
        accepted: 2,
        reasons: { 'row: not_utf8': 1 },
    },
    {
        name: 'broken-quotes.csv',
        bytes: `${GOOD}3,2023-01-01 00:00:00,"1,1,2,purchase,1.00,1,0,\n`,
        read: 3,
        accepted: 2,
        reasons: { 'row: broken_quotes': 1 },
    },
    {
        name: 'broken-quotes-in-the-last-field.csv',
        bytes: `${GOOD}3,2023-01-01 00:00:00,1,1,2,purchase,1.00,1,0,"{`,
        read: 3,
        accepted: 2,
        reasons: { 'row: broken_quotes': 1 },
    },
    {
        name: 'line-breaks-in-quotes.csv',
        bytes: `${GOOD}3,2023-01-01 00:00:00,1,1,2,purchase,1.00,1,0,"two\nlines"\n4,2023-01-01 00:00:00,"1\n\n`,
        read: 4,
        accepted: 3,
        reasons: { 'row: broken_quotes': 1 },
    },
    {
        name: 'nul-byte.csv',
        bytes: GOOD + row(3, { event: 'vi\0ew' }),
        read: 3,
        accepted: 2,
        reasons: { 'event_name: nul_byte': 1 },
    },
    {
        name: 'long-line.csv',
        bytes: GOOD + row(3, { event: 'x'.repeat(5_000_000) }) + row(4),
        read: 4,
        accepted: 3,
        reasons: { 'row: line_too_long': 1 },
    },
    {
        name: 'not-integers.csv',
        bytes: GOOD + ['abc', '1e3', '0x1F', 'nan', '1.5'].map((id) => row(id)).join(''),
        read: 7,
        accepted: 2,
        reasons: { 'event_id: not_an_integer': 5 },
    },
    {
        name: 'not-money.csv',
        bytes: GOOD + ['ten', '1e3', '0x1F', 'nan', '12.345'].map((price, index) => row(index + 3, { price })).join(''),
        read: 7,
        accepted: 2,
        reasons: { 'price_paid: not_money': 5 },
    },
    {
        name: 'no-such-day.csv',
        bytes: GOOD + row(3, { at: '2023-02-30 00:00:00' }) + row(4, { at: 'infinity' }),
        read: 4,
        accepted: 2,
        reasons: { 'occurred_at: not_a_timestamp': 2 },
    },
    {
        name: 'lines.ndjson',
        bytes: '{"event_id":1,"event_ts":"2023-01-01T00:00:00Z","event_type":"addtocart","coupon":"X"}\n{"event_id":\n5\n\n{"event_id":2}\n',
        read: 4,
        accepted: 1,
        reasons: {
            'row: invalid_json': 1,
            'row: not_an_object': 1,
            'event_name: missing_value': 1,
            'occurred_at: missing_value': 1,
        },
    },
    {
        name: 'array.json',
        bytes: '[{"event_id":1,"event_ts":"2023-01-01","event_type":"a"},{"event_id":2,"event_ts":"2023-01-01","event_type":"b"}]',
        read: 2,
        accepted: 2,
    },
];

const REFUSED: readonly { name: string; bytes: string | Buffer; because: RegExp }[] = [
    { name: 'empty.csv', bytes: '', because: /empty: expected a heading and rows/ },
    { name: 'blank.csv', bytes: '\n \n', because: /only blank lines/ },
    {
        name: 'no-key.csv',
        bytes: GOOD.replace('event_id', 'ident'),
        because: /- event_id +missing \(key\)[\s\S]*\+ "ident"/,
    },
    { name: 'truncated.csv.gz', bytes: manyRows.subarray(0, manyRows.length / 2), because: /gzip file ends early/ },
    {
        name: 'corrupt.csv.gz',
        bytes: Buffer.concat([manyRows.subarray(0, 2_000), Buffer.alloc(20), manyRows.subarray(2_020)]),
        because: /gzip|corrupt/,
    },
    { name: 'archive.csv', bytes: Buffer.from('PK\x03\x04rest'), because: /zip archive is cut off or damaged/ },
    {
        name: 'cut-off.json',
        bytes: '[{"event_id":1,"event_ts":"2023-01-01","event_type":"a"},{"event_id":',
        because: /cannot be read/,
    },
    { name: 'fake.parquet', bytes: 'PAR1nothing', because: /cannot be read/ },
];

let lake: string;
let files: string;
let runtime: Runtime;

beforeAll(async () => {
    lake = await emptyLake();
    files = await emptyLake();
    runtime = await createRuntime({ lake, project: await ownProject() });
});

afterAll(async () => {
    await runtime.settle();
    await runtime.close();
    await removeLake(lake);
    await removeLake(files);
});

async function ingestOne(
    name: string,
    bytes: string | Buffer,
    key = `landing/events/events-${name}`,
): Promise<LedgerEntry> {
    const path = join(files, name);
    await writeFile(path, bytes);
    const [admission] = await runtime.deliver([await runtime.context.landing.land(key, path)]);
    if (!admission || admission.outcome === 'ignored') throw new Error('not admitted');
    await runtime.settle();
    return (await runtime.context.ledger.find(admission.entry.id)) as LedgerEntry;
}

describe('files that can be read', () => {
    it.each(ACCEPTED)('$name: $accepted of $read rows go on', async ({ name, bytes, read, accepted, reasons = {} }) => {
        const entry = await ingestOne(name, bytes);

        expect(entry).toMatchObject({
            state: 'built',
            staged: { rows: { read, accepted, rejected: read - accepted }, reasons },
        });
    });

    it('keeps an unknown column as text beside the row', async () => {
        const entry = await ingestOne(
            'extra-column.csv',
            ACCEPTED.find(({ name }) => name === 'extra-column.csv')?.bytes ?? '',
        );

        expect(entry.staged?.extraColumns).toEqual(['coupon']);
    });
});

describe('files that cannot be read', () => {
    it.each(REFUSED)('$name is rejected with the reason', async ({ name, bytes, because }) => {
        const entry = await ingestOne(name, bytes);

        expect(entry.state).toBe('rejected');
        expect(entry.reason).toMatch(because);
        expect(entry.reason).not.toMatch(/\n\s+at /);
    });

    it('a file that no contract covers names the ones there are', async () => {
        const entry = await ingestOne('mystery.csv', 'a,b\n1,2\n', 'landing/unknown/mystery.csv');

        expect(entry).toMatchObject({
            state: 'rejected',
            reason: expect.stringMatching(/No contract covers mystery\.csv.*events.*--dataset/),
        });
    });
});

describe('a strict contract', () => {
    it('rejects a file with a column it does not name, and evolve takes it', async () => {
        const project = await ownProject();
        const events = project.contracts.get('events');
        if (!events) throw new Error('no contract for events');
        const strictLake = await emptyLake();
        const strict = { ...events, schemaPolicy: 'strict' as const };
        const other = await createRuntime({
            lake: strictLake,
            project: { ...project, contracts: new Map(project.contracts).set('events', strict) },
        });
        const path = join(files, 'strict.csv');
        await writeFile(path, GOOD.replace('properties', 'coupon'));
        const [admission] = await other.deliver([await other.context.landing.land('landing/events/strict.csv', path)]);
        await other.settle();
        const id = admission && 'entry' in admission ? admission.entry.id : '';

        expect(await other.context.ledger.find(id)).toMatchObject({
            state: 'rejected',
            reason: expect.stringMatching(/\+ "coupon" +not in the contract/),
        });
        await other.close();
        await removeLake(strictLake);
    });
});

describe('after bad files', () => {
    it('good files work, and rows that came twice stand once in the table', async () => {
        const entry = await ingestOne('good.csv', GOOD + row(99));
        const version = await runtime.context.catalog.current('fct_events');

        expect(entry.state).toBe('built');
        // Ids 1 and 2 came with nearly every file above, 3 and 4 with some, 99 with the last.
        expect(version?.rows).toBe(5);
    });
});
