import { describe, expect, it } from 'vitest';
import { closest, editDistance } from '#core/contracts/spelling.ts';

describe('editDistance', () => {
    it.each([
        ['', '', 0],
        ['', 'abc', 3],
        ['abc', '', 3],
        ['user_id', 'user_id', 0],
        ['singup', 'signup', 1],
        ['kitten', 'sitting', 3],
        ['flaw', 'lawn', 2],
        ['ca', 'abc', 3],
    ])('from %j to %j is %i', (a, b, distance) => {
        expect(editDistance(a, b)).toBe(distance);
        expect(editDistance(b, a)).toBe(distance);
    });

    it('stays quick on long texts by looking at their beginning', () => {
        expect(editDistance('a'.repeat(100_000), 'b'.repeat(100_000))).toBe(64);
    });
});

describe('closest', () => {
    it('finds the nearest candidate and ignores separators and case', () => {
        expect(closest('eventID', ['user_id', 'event_id'])).toBe('event_id');
        expect(closest('singup_ts', ['signup_date', 'signup_ts'])).toBe('signup_ts');
    });

    it('suggests nothing when nothing is near', () => {
        expect(closest('colour', ['aliases', 'valueAliases'])).toBeUndefined();
        expect(closest('id', ['ts'])).toBeUndefined();
        expect(closest('', ['a'])).toBeUndefined();
        expect(closest('__', ['--'])).toBeUndefined();
    });
});
