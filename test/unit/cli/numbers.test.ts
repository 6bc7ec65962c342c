import { expect, it } from 'vitest';
import { bytes, count, counted, duration, minute } from '#cli/output/numbers.ts';

it('separates thousands and chooses singular or plural', () => {
    expect([count(0), count(1234567), counted(1, 'file'), counted(0, 'file'), counted(2, 'index', 'indices')]).toEqual([
        '0',
        '1,234,567',
        '1 file',
        '0 files',
        '2 indices',
    ]);
});

it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1 KB'],
    [999_949, '999.9 KB'],
    [999_950, '1 MB'],
    [1_250_000, '1.3 MB'],
    [5e15, '5,000 TB'],
])('writes %d bytes as %s', (number, text) => {
    expect(bytes(number)).toBe(text);
});

it.each([
    [0, '0 ms'],
    [999.4, '999 ms'],
    [999.6, '1.0 s'],
    [59_940, '59.9 s'],
    [59_960, '1 min 0 s'],
    [125_000, '2 min 5 s'],
])('writes %d milliseconds as %s', (milliseconds, text) => {
    expect(duration(milliseconds)).toBe(text);
});

it('writes an instant to the minute, and a dash for none', () => {
    expect([minute('2026-01-31T08:05:59.000Z'), minute(undefined)]).toEqual(['2026-01-31 08:05', '-']);
});
