import { InvalidArgumentError } from 'commander';
import { describe, expect, it } from 'vitest';
import { timeSpan } from '#cli/numeric-options.ts';

describe('a span of time', () => {
    it.each([
        ['90s', 90_000],
        ['30m', 1_800_000],
        ['2h', 7_200_000],
        ['1d', 86_400_000],
    ])('%s is %i ms', (text, milliseconds) => {
        expect(timeSpan(text)).toBe(milliseconds);
    });

    it.each(['', '30', 'h', '0m', '-1h', '1.5h', '2 h', '1w'])('%j is none', (text) => {
        expect(() => timeSpan(text)).toThrow(InvalidArgumentError);
        expect(() => timeSpan(text)).toThrow('Expected a time such as 30m, 2h or 1d.');
    });
});
