import { describe, expect, it } from 'vitest';
import { matchHeader } from '#core/contracts/match.ts';
import { explainMismatch } from '#core/contracts/mismatch.ts';
import { parseContract } from '#core/contracts/parse.ts';
import { changed, ORDERS } from './orders.ts';

const contract = parseContract(ORDERS, 'orders.odcs.yaml');
const strict = parseContract(changed('value: evolve', 'value: strict'), 'orders.odcs.yaml');
const NEEDED = ['order_id', 'line_number', 'ordered_at', 'status'];
const ALL = [...NEEDED, 'updated_at', 'shipped_on', 'total', 'weight', 'is_gift'];

describe('matchHeader', () => {
    it('finds columns by name and by alias, whatever case, spaces and byte order mark', () => {
        const { mapping, acceptable } = matchHeader(contract, ['\uFEFFOrderID', ' LINE_NUMBER ', 'Order_TS', 'status']);
        expect(Object.fromEntries(mapping)).toEqual({
            order_id: '\uFEFFOrderID',
            line_number: ' LINE_NUMBER ',
            ordered_at: 'Order_TS',
            status: 'status',
        });
        expect(acceptable).toBe(true);
    });

    it('tells missing keys, missing required columns and missing optional columns apart', () => {
        const match = matchHeader(contract, ['line_number', 'total']);
        expect(match.missingKeys).toEqual(['order_id']);
        expect(match.missingRequired).toEqual(['ordered_at', 'status']);
        expect(match.missingOptional).toEqual(['updated_at', 'shipped_on', 'weight', 'is_gift']);
        expect(match.acceptable).toBe(false);
    });

    it('rejects a file for one missing key or one missing required column, not for optional ones', () => {
        expect(matchHeader(contract, NEEDED).acceptable).toBe(true);
        for (const missing of NEEDED) {
            const found = NEEDED.filter((name) => name !== missing);
            expect(matchHeader(contract, found).acceptable).toBe(false);
        }
    });

    it('keeps unknown headings under evolve and rejects them under strict', () => {
        const found = [...NEEDED, 'coupon'];
        expect(matchHeader(contract, found)).toMatchObject({ extra: ['coupon'], acceptable: true });
        expect(matchHeader(strict, found)).toMatchObject({ extra: ['coupon'], acceptable: false });
        expect(matchHeader(strict, NEEDED).acceptable).toBe(true);
    });

    it('prefers the name of a column to its aliases, which are then extra', () => {
        const match = matchHeader(contract, ['orderId', ...NEEDED]);
        expect(match.mapping.get('order_id')).toBe('order_id');
        expect(match).toMatchObject({ extra: ['orderId'], duplicates: [], acceptable: true });
    });

    it('reports headings of which it cannot be said which one is the column', () => {
        const match = matchHeader(contract, ['orderId', 'Order No', 'line_number', 'ordered_at', 'status', 'STATUS']);
        expect(match.duplicates).toEqual([
            { column: 'order_id', headings: ['orderId', 'Order No'] },
            { column: 'status', headings: ['status', 'STATUS'] },
        ]);
        expect(match.acceptable).toBe(false);
    });

    it('reports an unknown heading that is there twice', () => {
        const match = matchHeader(contract, [...NEEDED, 'note', 'Note']);
        expect(match.duplicates).toEqual([{ column: undefined, headings: ['note', 'Note'] }]);
        expect(match.acceptable).toBe(false);
    });

    it('finds nothing in an empty header', () => {
        expect(matchHeader(contract, [])).toMatchObject({
            missingKeys: ['order_id', 'line_number'],
            acceptable: false,
        });
    });
});

describe('explainMismatch', () => {
    it('shows expected and found side by side and suggests what was meant', () => {
        const found = ['order_id', 'lineNumber', 'order_tss', 'Status', 'coupon'];
        expect(explainMismatch(contract, matchHeader(contract, found))).toBe(
            [
                '2 of 9 columns of orders 1.2.3 found; the file does not fit the contract.',
                '- line_number  missing (key); did you mean "lineNumber"?',
                '= order_id     found as "order_id"',
                '- ordered_at   missing (required); did you mean "order_tss"?',
                '- updated_at   missing (optional)',
                '- shipped_on   missing (optional)',
                '= status       found as "Status"',
                '- total        missing (optional)',
                '- weight       missing (optional)',
                '- is_gift      missing (optional)',
                '+ "lineNumber"  not in the contract',
                '+ "order_tss"  not in the contract',
                '+ "coupon"  not in the contract',
                'Next: add or rename the headings, or add what the file calls them to `aliases` in contracts/orders.odcs.yaml; then send the file again.',
            ].join('\n'),
        );
    });

    it('says what to do about duplicates', () => {
        const text = explainMismatch(contract, matchHeader(contract, [...NEEDED, 'STATUS', 'x', 'X']));
        expect(text).toContain('! status       found 2 times: "status", "STATUS"');
        expect(text).toContain('! "x"  found 2 times, not in the contract');
        expect(text).toMatch(/Next: keep one heading of each `!` and send the file again\.$/);
    });

    it('says what to do about unknown columns under strict', () => {
        const text = explainMismatch(strict, matchHeader(strict, [...ALL, 'coupon']));
        expect(text).toMatch(/Next: remove the columns marked \+, describe them in .* schemaPolicy to evolve\.$/);
    });

    it('says that a file fits', () => {
        const text = explainMismatch(contract, matchHeader(contract, NEEDED));
        expect(text).toMatch(/^4 of 9 columns of orders 1\.2\.3 found; the file fits\.\n/);
        expect(text).toMatch(
            /Next: nothing; columns marked \+ are kept as text in _extra, missing optional columns are empty\.$/,
        );
    });

    it('stays short and printable whatever the headings are', () => {
        const hostile = ['a\u0000\n\u001b[31m', 'x'.repeat(10_000), ...Array.from({ length: 500 }, (_, i) => `c${i}`)];
        const text = explainMismatch(contract, matchHeader(contract, hostile));
        expect(text).toContain('+ "a\\u0000\\n\\u001b[31m"  not in the contract');
        expect(text).toContain('+ and 482 more');
        expect(text.length).toBeLessThan(3_000);
    });
});
