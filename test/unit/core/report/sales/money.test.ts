import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { centsOf, formatMoney, formatRough, moneyOf, sumOf } from '#core/report/sales/money.ts';

describe('money', () => {
    it.each([
        ['0.05', 5n],
        ['-1234.50', -123450n],
        ['7', 700n],
        ['1.5', 150n],
    ])('reads %s as cents', (text, cents) => {
        expect(centsOf(text)).toBe(cents);
    });

    it('comes back as it was, at any size', () => {
        fc.assert(
            fc.property(
                fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }),
                (cents) => centsOf(moneyOf(cents)) === cents,
            ),
        );
    });

    it('adds up exactly where floating point does not', () => {
        expect(sumOf(['0.10', '0.20', '9007199254740993.01'])).toBe('9007199254740993.31');
        expect(sumOf([])).toBe('0.00');
        expect(sumOf(['0.05', '-0.10'])).toBe('-0.05');
    });

    it.each([
        ['1234567.30', '1,234,567.30'],
        ['-1000.00', '\u22121,000.00'],
        ['12.00', '12.00'],
    ])('is shown to people: %s', (text, shown) => {
        expect(formatMoney(text)).toBe(shown);
    });

    it.each([
        [0, '0'],
        [250, '250'],
        [12_500, '12.5k'],
        [1_500_000, '1.5M'],
        [2e9, '2B'],
    ])('is rough on an axis: %d', (amount, shown) => {
        expect(formatRough(amount)).toBe(shown);
    });
});
