import { describe, expect, it } from 'vitest';
import { parseContract } from '#core/contracts/parse.ts';
import { changed, ORDERS } from './orders.ts';

const fingerprint = (text: string) => parseContract(text, 'orders.odcs.yaml').fingerprint;

describe('the fingerprint of a contract', () => {
    it('is a SHA-256 that does not change by itself', () => {
        expect(fingerprint(ORDERS)).toMatch(/^[0-9a-f]{64}$/);
        expect(fingerprint(ORDERS)).toBe(fingerprint(`# a comment\n${ORDERS}`));
    });

    it.each([
        ['the version', '1.2.3', '1.3.0'],
        ['the purpose', 'Orders of the shop.', 'Orders.'],
        ['a description', 'Where the order stands.', 'State.'],
        ['the file patterns', 'orders*.csv', 'order_lines*.csv'],
        ['the parameters', 'line_paid', 'unit_list'],
        ['the order of aliases', '[orderId, " order no "]', '["Order No", orderid]'],
        ['the order of valid values', '[open, paid]', '[paid, open]'],
    ])('does not depend on %s', (_what, piece, replacement) => {
        expect(fingerprint(changed(piece, replacement))).toBe(fingerprint(ORDERS));
    });

    it.each([
        ['a column', '      - name: is_gift\n        logicalType: boolean\n', ''],
        ['the name of a column', 'name: weight', 'name: weight_kg'],
        ['a type', 'logicalType: boolean', 'logicalType: string'],
        ['what is required', 'name: weight\n', 'name: weight\n        required: true\n'],
        ['an alias', 'orderId', 'orderNr'],
        ['a value alias', 'OPEN: open', 'neu: open'],
        ['a valid value', '[open, paid]', '[open, paid, shipped]'],
        ['a minimum', '0.10', '0.20'],
        ['a maximum', '9999.5', '9999'],
        ['the schema policy', 'value: evolve', 'value: strict'],
        ['the version column', 'value: updated_at', 'value: shipped_on'],
        ['the partition column', '        partitioned: true\n', '        required: true\n'],
        ['the load mode', 'value: upsert }', 'value: replace }'],
    ])('depends on %s', (_what, piece, replacement) => {
        const base = piece.includes('upsert')
            ? changed('      - { property: versionColumn, value: updated_at }\n', '')
            : ORDERS;
        expect(fingerprint(changed(piece, replacement, base))).not.toBe(fingerprint(base));
    });

    it('depends on the order of the key', () => {
        const swapped = ORDERS.replace('primaryKeyPosition: 2', 'primaryKeyPosition: 3')
            .replace('primaryKeyPosition: 1', 'primaryKeyPosition: 2')
            .replace('primaryKeyPosition: 3', 'primaryKeyPosition: 1');
        expect(fingerprint(swapped)).not.toBe(fingerprint(ORDERS));
    });
});
