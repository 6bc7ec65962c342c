import { describe, expect, it } from 'vitest';
import { readYaml } from '#core/contracts/document.ts';
import { problemText } from '#core/contracts/problem.ts';

const problems = (text: string) => readYaml(text, 'x.odcs.yaml').problems.map(problemText);

describe('readYaml', () => {
    it('gives plain values and keeps dates, yes and no as text', () => {
        const { document } = readYaml('a: [1, yes, 2024-01-01]\nb: { c: true }\n', 'x');
        expect(document?.value).toEqual({ a: [1, 'yes', '2024-01-01'], b: { c: true } });
    });

    it('points at the key of an entry, the item of a list, and the nearest ancestor of what is missing', () => {
        const { document } = readYaml('a:\n  - b:\n      - 1\n      - c: 2\n', 'x');
        expect(document?.lineOf(['a'])).toBe(1);
        expect(document?.lineOf(['a', 0, 'b'])).toBe(2);
        expect(document?.lineOf(['a', 0, 'b', 1, 'c'])).toBe(4);
        expect(document?.lineOf(['a', 0, 'nothing', 'here'])).toBe(2);
        expect(document?.lineOf([])).toBe(1);
    });

    it('tells a scalar as it was written, and nothing for a list or a missing value', () => {
        const { document } = readYaml('a: { b: 0.10, c: [1] }', 'x');
        expect(document?.sourceOf(['a', 'b'])).toBe('0.10');
        expect(document?.sourceOf(['a', 'c'])).toBeUndefined();
        expect(document?.sourceOf(['a', 'b', 'x'])).toBeUndefined();
    });

    it('reads an empty file as null', () => {
        expect(readYaml('', 'x').document?.value).toBeNull();
    });

    it('reports broken syntax, duplicate keys, unknown tags and a second document with their lines', () => {
        expect(problems('a: 1\nb: [1,\n')).toEqual([
            expect.stringMatching(
                /^x\.odcs\.yaml:3: expected one well-formed YAML document, found .*Correct the syntax/,
            ),
        ]);
        expect(problems('a: 1\na: 2\n')).toEqual([
            expect.stringMatching(/^x\.odcs\.yaml:2: .*Map keys must be unique/),
        ]);
        expect(problems('a: 1\nb: !!js/function x\n')).toEqual([expect.stringMatching(/^x\.odcs\.yaml:2: .*tag/)]);
        expect(problems('a: 1\n---\nb: 1\n')).toEqual([
            expect.stringMatching(/^x\.odcs\.yaml:2: .*multiple documents/),
        ]);
    });

    it('answers in words to nesting that would exhaust the stack', () => {
        const { document, problems } = readYaml(`a: ${'['.repeat(50_000)}`, 'x.odcs.yaml');

        expect(document).toBeUndefined();
        expect(problems[0]?.expected).toBe('one well-formed YAML document');
    });

    it('refuses aliases, so that nothing can be expanded', () => {
        expect(problems('a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n')).toEqual([
            'x.odcs.yaml:2: expected no YAML aliases, found an alias of "a". Write the value out in full.',
        ]);
    });

    it('refuses more than 256 KB, measured in bytes', () => {
        const euros = `a: ${'€'.repeat(90_000)}`;
        expect(problems(euros)).toEqual([
            'x.odcs.yaml:1: expected at most 262144 bytes, found 270003 bytes. Check that this is a contract; split it, or shorten its lists.',
        ]);
        expect(problems(`a: ${'e'.repeat(90_000)}`)).toEqual([]);
    });

    it('refuses more than 20 levels', () => {
        const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
        expect(problems(nested(20))).toEqual([]);
        expect(problems(nested(21))).toEqual([expect.stringContaining('expected at most 20 levels, found more.')]);
    });

    it('survives a document that is nothing but nesting', () => {
        for (const text of ['['.repeat(100_000), '- '.repeat(100_000), '{a: '.repeat(50_000)]) {
            expect(problems(text).length).toBeGreaterThan(0);
            expect(problems(text).length).toBeLessThanOrEqual(20);
        }
    });

    it('takes the key __proto__ as a key', () => {
        const { document } = readYaml('__proto__: { polluted: true }', 'x');
        expect(Object.keys(document?.value as object)).toEqual(['__proto__']);
        expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    });
});
