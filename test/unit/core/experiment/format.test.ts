import { describe, expect, it } from 'vitest';
import {
    formatChange,
    formatChangeInterval,
    formatCount,
    formatLevel,
    formatLift,
    formatP,
    formatPrecise,
    formatShare,
    formatValue,
} from '#core/experiment/format.ts';

describe('numbers for readers', () => {
    it.each([
        [0.6463, '0.65'],
        [0.5, '0.50'],
        [0.043, '0.043'],
        [0.00312, '0.0031'],
        [0.00011, '0.00011'],
        [0.00009, '<0.0001'],
        [0, '<0.0001'],
        [0.9949, '0.99'],
        [0.9985, '>0.99'],
        [1, '1'],
    ])('writes a p-value of %d as %s', (p, text) => {
        expect(formatP(p)).toBe(text);
    });

    it('gives changes of shares in percentage points with a sign', () => {
        expect(formatChange('share', 0.006318)).toBe('+0.63 pp');
        expect(formatChange('share', -0.0206)).toBe('\u22122.06 pp');
    });

    it('writes a change that rounds to zero without a sign', () => {
        expect(formatChange('share', -0.00001)).toBe('0.00 pp');
        expect(formatLift(0.0001)).toBe('0.0%');
    });

    it('writes the unit of an interval once', () => {
        expect(formatChangeInterval('money', { value: 0, low: -8.02, high: 9.87 }, 'EUR')).toBe(
            '\u22128.02 to +9.87 EUR',
        );
    });

    it('writes values with their unit', () => {
        expect(formatValue('share', 0.0424)).toBe('4.24%');
        expect(formatValue('money', 1234.5, 'EUR')).toBe('1,234.50 EUR');
        expect(formatValue('money', 5.87)).toBe('5.87');
        expect(formatValue('seconds', 949.4)).toBe('949 s');
        expect(formatValue('seconds', 9.44)).toBe('9.4 s');
        expect(formatValue('count', 2.128)).toBe('2.13');
    });

    it('never rounds a share to none or all when it is neither', () => {
        expect(formatShare(0.0001)).toBe('<0.1%');
        expect(formatShare(0.9999)).toBe('>99.9%');
        expect(formatShare(0)).toBe('0.0%');
        expect(formatShare(1)).toBe('100.0%');
    });

    it('separates thousands and writes levels without noise', () => {
        expect(formatCount(12345)).toBe('12,345');
        expect(formatLevel(0.05)).toBe('95%');
        expect(formatLevel(0.025)).toBe('97.5%');
    });
});

describe('a p-value to compare with', () => {
    it('has four decimals, and never claims to be zero', () => {
        expect(formatPrecise(0.35396)).toBe('0.3540');
        expect(formatPrecise(0.00009)).toBe('<0.0001');
    });
});
