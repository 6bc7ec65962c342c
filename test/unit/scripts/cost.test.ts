import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PROJECT_ROOT } from '#embedded/project.ts';
import { athenaBill, duckdbBill, total } from '../../../scripts/cost/bill.ts';
import type { Counts } from '../../../scripts/cost/counts.ts';
import { costPage } from '../../../scripts/cost/page.ts';
import { s3Price } from '../../../scripts/cost/prices.ts';

const COUNTS: Counts = {
    date: '2026-11-21',
    shop: { users: 10, days: 2, events: 500_000, files: 5 },
    builds: 1,
    s3: { GetObject: 10_000, PutObject: 1_000, ListObjectsV2: 1_000, DeleteObjects: 50 },
    functions: {
        build: { invocations: 100, seconds: 50, memoryMb: 2_048 },
        plan: { invocations: 900, seconds: 20, memoryMb: 512 },
    },
    transitions: { ingest: 100, build: 900 },
    messages: 5,
    storedBytes: 1e9,
    models: [{ model: 'fct_events', queries: 5, bytes: 100e6, billedBytes: 120e6 }],
};

describe('the bill of a run', () => {
    it('adds up what each service counts', () => {
        const items = Object.fromEntries(duckdbBill(COUNTS).map(({ what, dollars }) => [what, dollars]));

        expect(items['S3: requests']).toBeCloseTo(10 * 0.0004 + 2 * 0.005, 10);
        expect(items['Lambda: time']).toBeCloseTo((50 * 2 + 20 * 0.5) * 0.0000133334, 10);
        expect(items['Lambda: invocations']).toBeCloseTo((1_000 / 1e6) * 0.2, 10);
        expect(items['Step Functions: transitions']).toBeCloseTo(0.025, 10);
        expect(items['SQS: requests']).toBeCloseTo((15 / 1e6) * 0.4, 10);
    });

    it('has what Athena reads in place of the seconds that compute', () => {
        const items = Object.fromEntries(athenaBill(COUNTS).map(({ what, dollars }) => [what, dollars]));

        expect(items['Lambda: time']).toBeCloseTo(20 * 0.5 * 0.0000133334, 10);
        expect(items['Athena: bytes read']).toBeCloseTo(120e6 * 5e-12, 10);
    });

    it.each([
        ['PutObject', 0.000_005],
        ['ListObjectVersions', 0.000_005],
        ['CompleteMultipartUpload', 0.000_005],
        ['GetObject', 0.000_000_4],
        ['HeadObject', 0.000_000_4],
        ['DeleteObjects', 0],
    ])('knows that %s costs %d', (action, price) => {
        expect(s3Price(action)).toBeCloseTo(price, 12);
    });
});

describe('docs/cost.md', () => {
    it('scales to a million events', () => {
        expect(costPage(COUNTS)).toContain(`**$${(total(duckdbBill(COUNTS)) * 2).toFixed(4)}**`);
    });

    it('is what the script makes of docs/cost.json', () => {
        const read = (name: string) => readFileSync(join(PROJECT_ROOT, 'docs', name), 'utf8');

        expect(read('cost.md')).toBe(costPage(JSON.parse(read('cost.json')) as Counts));
    });
});
