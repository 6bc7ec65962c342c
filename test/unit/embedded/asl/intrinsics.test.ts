import { describe, expect, it } from 'vitest';
import { StateFailure } from '#embedded/asl/failure.ts';
import { parseIntrinsic } from '#embedded/asl/intrinsics/parse.ts';
import type { Json } from '#embedded/asl/json.ts';
import { evaluate } from '#embedded/asl/scope.ts';

const input: Json = {
    name: 'Ann',
    n: 3,
    list: [1, 2, 2, 3, { a: 1 }, { a: 1 }],
    left: { a: 1, b: { x: 1 } },
    right: { b: { y: 2 }, c: 3 },
    json: '{"k":[1,null]}',
    template: 'Hi {}',
    rows: [{ k: 'a,b' }, { k: 'c' }],
    long: 'x'.repeat(10_001),
};
const uuid = '00000000-0000-4000-8000-000000000000';
const scope = { input, context: { Execution: { Name: 'e1' } }, random: { uuid: () => uuid, fraction: () => 0.5 } };

const value = (expression: string) => evaluate(expression, 'x.$', scope);

describe('intrinsic functions', () => {
    it.each<[string, Json]>([
        ["States.Format('{} is {}', $.name, $.n)", 'Ann is 3'],
        ["States.Format('plain')", 'plain'],
        ['States.Format($.template, $.name)', 'Hi Ann'],
        [String.raw`States.Format('it\'s \{{}\} \\', true)`, String.raw`it's {true} \ `.trimEnd()],
        ["States.Format('{} {}', null, $$.Execution.Name)", 'null e1'],
        // As recorded on the service: Java's own notation, not JSON.
        ["States.Format('{}', $.left)", '{a=1, b={x=1}}'],
        ["States.Format('{}', States.Array('a', 1))", '[a, 1]'],
        ['States.StringToJson($.json)', { k: [1, null] }],
        ['States.JsonToString($.left)', '{"a":1,"b":{"x":1}}'],
        ['States.Array()', []],
        [String.raw`States.Array('it\'s \\ so')`, [String.raw`it's \ so`]],
        ["States.Array(1, 'two', null, $.n)", [1, 'two', null, 3]],
        [
            'States.ArrayPartition($.list, 4)',
            [
                [1, 2, 2, 3],
                [{ a: 1 }, { a: 1 }],
            ],
        ],
        ['States.ArrayContains($.list, 2)', true],
        ['States.ArrayContains($.list, $.list[4])', true],
        ["States.ArrayContains($.list, '2')", false],
        ['States.ArrayRange(1, 9, 2)', [1, 3, 5, 7, 9]],
        ['States.ArrayRange(3, 1, -1)', [3, 2, 1]],
        ['States.ArrayRange(1, 0, 1)', []],
        ['States.ArrayGetItem($.list, 3)', 3],
        ['States.ArrayLength($.list)', 6],
        ['States.ArrayUnique($.list)', [1, 2, 3, { a: 1 }]],
        ["States.Base64Encode('Grüße')", 'R3LDvMOfZQ=='],
        ["States.Base64Decode('R3LDvMOfZQ==')", 'Grüße'],
        ["States.Hash('abc', 'MD5')", '900150983cd24fb0d6963f7d28e17f72'],
        ["States.Hash('abc', 'SHA-1')", 'a9993e364706816aba3e25717850c26c9cd0d89d'],
        ["States.Hash('abc', 'SHA-256')", 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
        ['States.JsonMerge($.left, $.right, false)', { a: 1, b: { y: 2 }, c: 3 }],
        ['States.MathRandom(1, 11)', 6],
        ['States.MathAdd($.n, -1)', 2],
        ['States.MathAdd(1.5, -1.5)', 1],
        ["States.StringSplit('1,2;3', ',;')", ['1', '2', '3']],
        ["States.StringSplit(',,', ',')", []],
        ['States.UUID()', uuid],
        ["States.ArrayLength($.rows[?(@.k == 'a,b')])", 1],
        ["States.ArrayGetItem(States.StringSplit(States.Format('{}-b', $.name), '-'), 0)", 'Ann'],
    ])('%s', (expression, expected) => {
        expect(value(expression)).toEqual(expected);
    });

    it.each([
        ['SHA-384', 96],
        ['SHA-512', 128],
    ])('hashes with %s', (algorithm, length) => {
        expect(value(`States.Hash($.left, '${algorithm}')`)).toMatch(new RegExp(`^[0-9a-f]{${length}}$`));
    });

    it('draws the same number for the same seed, inside the bounds', () => {
        const drawn = Array.from({ length: 50 }, (_, seed) => value(`States.MathRandom(5, 8, ${seed})`));

        expect(drawn).toEqual(Array.from({ length: 50 }, (_, seed) => value(`States.MathRandom(5, 8, ${seed})`)));
        expect(new Set(drawn)).toEqual(new Set([5, 6, 7]));
    });

    it.each([
        ['States.StringToJson($.name)', 'is not valid JSON'],
        ['States.ArrayLength($.name)', 'expected an array, found "Ann"'],
        ["States.MathAdd('1', 2)", 'expected a number, found "1"'],
        ['States.Base64Encode($.n)', 'expected a string, found 3'],
        ['States.Base64Encode($.long)', 'at most 10000 characters, found 10001'],
        ["States.Base64Decode('%')", 'expected Base64'],
        ["States.Hash('a', 'CRC')", "found 'CRC'"],
        ['States.ArrayPartition($.list, 0)', 'chunk size of at least 1'],
        ['States.ArrayRange(1, 2, 0)', 'a step other than 0'],
        ['States.ArrayRange(1, 1001, 1)', 'at most 1000 elements, found 1001'],
        ['States.ArrayGetItem($.list, 6)', 'no item at index 6 of 6'],
        ['States.ArrayGetItem($.list, -1)', 'no item at index -1'],
        ['States.JsonMerge($.left, $.right, true)', 'only shallow'],
        ['States.JsonMerge($.left, $.n, false)', 'expected two objects'],
        ['States.MathRandom(2, 2)', 'expected an end above 2'],
        ['States.Format($.template)', 'has 1 placeholders {} for 0 arguments'],
    ])('%s fails with States.IntrinsicFailure', (expression, message) => {
        const failure = (() => {
            try {
                return value(expression);
            } catch (error) {
                return error;
            }
        })();

        expect(failure).toBeInstanceOf(StateFailure);
        expect(failure).toMatchObject({
            error: 'States.IntrinsicFailure',
            causeText: expect.stringContaining(message),
        });
    });

    it('fails with States.Runtime when an argument finds nothing', () => {
        expect(() => value('States.ArrayLength($.none)')).toThrow(
            "States.Runtime: The JSONPath '$.none' specified for the field 'x.$' could not be found in the input",
        );
    });
});

describe('parseIntrinsic', () => {
    it.each([
        ['States.Nope(1)', 'unknown intrinsic States.Nope; known: Format, StringToJson'],
        ['States.UUID', 'expected States.<Function>('],
        ['States.UUID(1)', 'States.UUID takes 0 arguments, found 1'],
        ['States.MathRandom(1)', 'takes 2 to 3 arguments, found 1'],
        ['States.Format()', 'takes 1 or more arguments, found 0'],
        ["States.Array('a", 'unclosed quote'],
        ['States.Array($.a', 'unclosed parenthesis'],
        ['States.Array(1 2)', "'1 2'"],
        ['States.Array("a")', 'no path, number, call or text in single quotes'],
        ["States.Array('a' 'b')", 'expected , or )'],
        ['States.UUID() x', 'goes on after its closing parenthesis'],
        ["States.Format('{}')", 'has 1 placeholders {} for 0 arguments'],
        ["States.Format('{')", 'has a single {'],
        [`${'States.Array('.repeat(11)}1${')'.repeat(11)}`, 'nests more than 10 intrinsics'],
    ])('refuses %s', (text, message) => {
        expect(() => parseIntrinsic(text)).toThrow(message);
    });
});
