import { describe, expect, it } from 'vitest';
import { tableOf } from '../../../bench/table.ts';

describe('the table of results', () => {
    it('says what was met and what was missed, small ratios with three decimals', () => {
        const lines = tableOf([
            { what: 'a', ratio: 1.5, range: [1.25, 1.75], cpuRatio: 1.4, target: 1.5, note: '3.00 s / 2.00 s' },
            { what: 'b', ratio: 0.0504, range: undefined, cpuRatio: undefined, target: 0.05, note: '' },
        ]);

        expect(lines.map((line) => line.split(/ {2,}/))).toEqual([
            ['', 'ratio', 'range', 'in cpu time', 'target', 'for information'],
            ['a', '1.50', '1.25 to 1.75', '1.40', '<= 1.5', 'met', '3.00 s / 2.00 s'],
            ['b', '0.050', '<= 0.05', 'missed'],
        ]);
    });
});
