import { describe, expect, it } from 'vitest';
import { partLines } from '#cli/part-lines.ts';

const example = (number: number) => ({ name: `${number}.json`, reason: `it is bad\nfor reason ${number}` });

describe('lines on the files of an archive', () => {
    it('are none when all could be read', () => {
        expect(partLines('a.zip', undefined)).toEqual([]);
        expect(partLines('a.zip', { read: 3, rejected: 0, examples: [] })).toEqual([]);
    });

    it('name each file that could not be read, with the first line of its reason', () => {
        expect(partLines('a.zip', { read: 3, rejected: 1, examples: [example(1)] })).toEqual([
            '1 of 4 files in a.zip cannot be read:',
            '  1.json: it is bad',
        ]);
    });

    it('stop after ten', () => {
        const examples = Array.from({ length: 50 }, (_, index) => example(index));

        const lines = partLines('a.zip', { read: 0, rejected: 1_200, examples });

        expect(lines).toHaveLength(12);
        expect(lines.at(-1)).toBe('  and 1,190 more');
    });
});
