import { describe, expect, it } from 'vitest';
import type { Json } from '#embedded/asl/json.ts';
import { evaluatePath } from '#embedded/asl/json-path/evaluate.ts';
import { parsePath } from '#embedded/asl/json-path/parse.ts';

const document: Json = {
    a: { b: 1, 'c d': null },
    list: [10, 20, 30, null],
    users: [
        { id: 1, name: 'Ann', tags: ['x'] },
        { id: 2, name: "O'Neil", age: 40 },
        { id: 3, age: 30, active: false },
    ],
    limit: 2,
};

describe('evaluatePath', () => {
    it.each<[string, Json]>([
        ['$', document],
        ['$.a.b', 1],
        ["$['a']['b']", 1],
        ['$["a"].b', 1],
        ["$.a['c d']", null],
        ['$.list[0]', 10],
        ['$.list[-2]', 30],
        ['$.list[3]', null],
        ['$.list[1:3]', [20, 30]],
        ['$.list[:1]', [10]],
        ['$.list[-2:]', [30, null]],
        ['$.list[0,3,9]', [10, null]],
        ['$.list[*]', [10, 20, 30, null]],
        ['$.a.*', [1, null]],
        ["$.a['b','zz','c d']", [1, null]],
        ['$.users[*].age', [40, 30]],
        ['$.users[*].tags[0]', ['x']],
        ['$..id', [1, 2, 3]],
        ['$.users..tags[*]', ['x']],
        ['$.users[?(@.id == 2)].name', ["O'Neil"]],
        ["$.users[?(@.name == 'O\\'Neil')].id", [2]],
        ['$.users[?(@.age)].id', [2, 3]],
        ['$.users[?(!@.age)].id', [1]],
        ['$.users[?(@.age > 30 || @.id == 1)].id', [1, 2]],
        ['$.users[?(@.age >= 30 && @.age < 40)].id', [3]],
        ['$.users[?(@.active == false)].id', [3]],
        ['$.users[?(@.id != 1)].id', [2, 3]],
        ['$.users[?(@.id <= $.limit)].id', [1, 2]],
        ['$.users[?((@.id == 1 || @.id == 3) && @.name)].id', [1]],
        ["$.users[?(@['name'] < 'B')].id", [1]],
        ['$.users[?(@.id == 99)]', []],
        ['$.a[?(@.b == 1)]', [{ b: 1, 'c d': null }]],
    ])('%s', (path, expected) => {
        expect(evaluatePath(parsePath(path), document)).toEqual({ value: expected });
    });

    it.each([
        '$.none',
        '$.a.none',
        '$.a.b.c',
        '$.list[4]',
        '$.list[-5]',
        '$.list.length',
        '$.a[0]',
        '$.none[*]',
        '$.none[0:1]',
        '$.limit[?(@.a)]',
        '$.toString',
        '$.a.__proto__',
    ])('finds nothing at %s', (path) => {
        expect(evaluatePath(parsePath(path), document)).toBeUndefined();
    });
});

describe('parsePath', () => {
    it('knows a reference path and the context object', () => {
        expect(parsePath("$.a['b'][0]")).toMatchObject({ definite: true, root: 'input' });
        expect(parsePath('$.a[*]').definite).toBe(false);
        expect(parsePath('$$.Execution.Id').root).toBe('context');
    });

    it.each([
        ['a.b', 'a path starts with $'],
        ['$.', 'expected a name at character 3'],
        ['$.a..', 'expected a name'],
        ['$.a[', 'unclosed ['],
        ["$['a]", 'unclosed ['],
        ['$.a[b]', 'cannot read [b]'],
        ["$.a['b' 'c']", 'cannot read'],
        ["$.a['b',]", 'cannot read'],
        ['$.a b', 'expected . or [ at character 4'],
        ['$name', 'variables (Assign) are not supported'],
        ['$.a.length()', 'calls a path function'],
        ['$.a..[0][', 'unclosed ['],
        ['$.a[?(@.b =~ /x/)]', 'cannot read the filter'],
        ['$.a[?(@.b ==)]', 'lacks a value'],
        ['$.a[?((@.b == 1)]', 'unclosed'],
        ['$.a[?(@.b == 1) @.c]', 'cannot read the filter'],
    ])('refuses %s', (path, message) => {
        expect(() => parsePath(path)).toThrow(message);
    });
});
