import { describe, expect, it } from 'vitest';
import { problemText, refuse, shown } from '#core/contracts/problem.ts';

const problem = { file: 'a', line: 3, where: 'x[0].y', expected: 'this', found: 'that', next: 'Change it' };

describe('problems', () => {
    it('say place, expected, found and what to do in one line', () => {
        expect(problemText(problem)).toBe('a:3 x[0].y: expected this, found that. Change it.');
        expect(problemText({ ...problem, where: '', next: 'Did you mean b?' })).toBe(
            'a:3: expected this, found that. Did you mean b?',
        );
    });

    it('are thrown together, by file and line, and not at all when there are none', () => {
        expect(() => refuse([])).not.toThrow();
        expect(() => refuse([problem])).toThrow('1 problem in the contracts:\n  a:3 ');
        const three = [{ ...problem, file: 'b' }, problem, { ...problem, line: 1 }];
        expect(() => refuse(three)).toThrow(/^3 problems.*a:1 .*a:3 .*b:3 /s);
    });

    it('show values short and on one line', () => {
        expect(shown(undefined)).toBe('nothing');
        expect(shown([1, 2])).toBe('a list of 2');
        expect(shown({ a: 1 })).toBe('a map');
        expect(shown('a\u0000\nb')).toBe('"a\\u0000\\nb"');
        expect(shown('x'.repeat(500))).toHaveLength(60);
        expect(shown(Number.NaN)).toBe('null');
    });
});
