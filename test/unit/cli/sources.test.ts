import { describe, expect, it } from 'vitest';
import { extractSources, knowsSources } from '#cli/extract/sources.ts';
import type { Contract } from '#core/contracts/contract.ts';
import { aContract } from '#test/support/builders.ts';

const source = {
    server: 'shop-eu',
    schema: 'public',
    from: { kind: 'table', table: 'orders' },
    mode: 'snapshot',
    watermarkColumn: undefined,
    overlapSeconds: 0,
    schedule: undefined,
    timeoutSeconds: 5,
} as const;
const orders: Contract = { ...aContract(), source };
const contracts = new Map([
    ['orders', orders],
    ['refunds', aContract({ dataset: 'refunds' })],
]);
const URL = 'postgres://reader:secret@db/shop';

describe('what to extract', () => {
    it('is everything with a database, from the URL of its server', () => {
        const found = extractSources([], contracts, undefined, { CARTLAKE_SOURCE_SHOP_EU_URL: URL });
        expect(found).toEqual([{ contract: orders, url: URL }]);
    });

    it('is each dataset that is named once, from the URL that is named', () => {
        const found = extractSources(['orders', 'orders'], contracts, URL, {});
        expect(found).toEqual([{ contract: orders, url: URL }]);
    });

    it.each([
        [['ordres'], contracts, 'There is no dataset "ordres"; did you mean orders? There is: orders, refunds.'],
        [['refunds'], contracts, 'The contract of refunds names no database'],
        [['orders'], contracts, 'Where is the database of orders? Set CARTLAKE_SOURCE_SHOP_EU_URL to its URL'],
        [[], new Map([['refunds', aContract()]]), 'No contract names a database to extract from'],
    ])('is refused for %j', (names, known, message) => {
        expect(() => extractSources(names, known, undefined, { CARTLAKE_SOURCE_SHOP_EU_URL: '' })).toThrow(message);
    });
});

describe('where a database is', () => {
    it('is known here by an option or a variable', () => {
        expect(knowsSources(URL, {})).toBe(true);
        expect(knowsSources(undefined, { CARTLAKE_SOURCE_SHOP_EU_URL: URL })).toBe(true);
        expect(knowsSources(undefined, { CARTLAKE_POSTGRES_URL: URL })).toBe(false);
    });
});
