import { describe, expect, it } from 'vitest';
import { inThousands } from '#core/thousands.ts';

describe('digits in threes', () => {
    const formatter = new Intl.NumberFormat('en-US');

    it.each([0, 7, 999, 1_000, -999, -1_000, 12_345, 123_456, -1_234_567, 9_007_199_254_740_991])(
        'are those the language writes: %d',
        (whole) => {
            expect(inThousands(String(whole))).toBe(formatter.format(whole));
        },
    );

    it('are exact beyond what a number holds', () => {
        expect(inThousands('12345678901234567890')).toBe('12,345,678,901,234,567,890');
    });

    it.each(['', '1234.5', '1e+21', 'Infinity'])('are none in %j', (text) => {
        expect(inThousands(text)).toBe(text);
    });
});
