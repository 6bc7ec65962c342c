import { describe, expect, it } from 'vitest';
import { OPERATORS } from '#embedded/asl/choice-operators.ts';
import type { Json } from '#embedded/asl/json.ts';
import { outputOf, runMachine } from './run-machine.ts';

const input: Json = {
    s: 'beta',
    other: 'gamma',
    n: 5,
    more: 7,
    yes: true,
    no: false,
    nothing: null,
    at: '2026-03-01T12:00:00Z',
    same: '2026-03-01T13:00:00+01:00',
    later: '2026-03-02T00:00:00.500Z',
    text: 'a*b\\c.csv',
    list: [1],
};

const choose = (rule: object, state: object = {}) => ({
    StartAt: 'C',
    States: {
        C: { Type: 'Choice', Choices: [{ ...rule, Next: 'Y' }], Default: 'N', ...state },
        Y: { Type: 'Pass', Result: true, End: true },
        N: { Type: 'Pass', Result: false, End: true },
    },
});
const holds = (rule: object) => outputOf(choose(rule), input);

type Case = [variable: string, operator: string, operand: Json, expected: boolean];

const orders = (type: string, variable: string, less: Json, equal: Json, more: Json): Case[] => [
    [variable, `${type}Equals`, equal, true],
    [variable, `${type}Equals`, less, false],
    [variable, `${type}LessThan`, more, true],
    [variable, `${type}LessThan`, equal, false],
    [variable, `${type}GreaterThan`, less, true],
    [variable, `${type}GreaterThan`, equal, false],
    [variable, `${type}LessThanEquals`, equal, true],
    [variable, `${type}LessThanEquals`, less, false],
    [variable, `${type}GreaterThanEquals`, equal, true],
    [variable, `${type}GreaterThanEquals`, more, false],
];
const paths = (type: string, variable: string, equal: string, more: string): Case[] => [
    [variable, `${type}EqualsPath`, equal, true],
    [variable, `${type}EqualsPath`, more, false],
    [variable, `${type}LessThanPath`, more, true],
    [variable, `${type}GreaterThanPath`, more, false],
    [variable, `${type}LessThanEqualsPath`, equal, true],
    [more, `${type}LessThanEqualsPath`, variable, false],
    [more, `${type}GreaterThanEqualsPath`, variable, true],
    [variable, `${type}GreaterThanEqualsPath`, more, false],
];

describe('comparisons of a Choice', () => {
    it.each<Case>([
        ...orders('String', '$.s', 'alpha', 'beta', 'beta2'),
        ...orders('Numeric', '$.n', 4.5, 5, 5.5),
        ...orders('Timestamp', '$.at', '2026-03-01T11:59:59Z', '2026-03-01T13:00:00+01:00', '2026-03-01T12:00:00.001Z'),
        ...paths('String', '$.s', '$.s', '$.other'),
        ...paths('Numeric', '$.n', '$.n', '$.more'),
        ...paths('Timestamp', '$.at', '$.same', '$.later'),
        ['$.yes', 'BooleanEquals', true, true],
        ['$.no', 'BooleanEquals', false, true],
        ['$.no', 'BooleanEquals', true, false],
        ['$.nothing', 'BooleanEquals', false, false],
        ['$.yes', 'BooleanEqualsPath', '$.yes', true],
        ['$.yes', 'BooleanEqualsPath', '$.no', false],
        ['$.text', 'StringMatches', '*.csv', true],
        ['$.text', 'StringMatches', 'a\\*b\\\\c.csv', true],
        ['$.s', 'StringMatches', 'b\\*a', false],
        ['$.s', 'StringMatches', 'b*a', true],
        ['$.s', 'StringMatches', 'b.ta', false],
        ['$.s', 'StringMatches', 'et', false],
        ['$.n', 'StringMatches', '*', false],
        ['$$.Execution.Name', 'StringEquals', 'one', true],
    ])('%s %s %j is %s', async (variable, operator, operand, expected) => {
        expect(await holds({ Variable: variable, [operator]: operand })).toBe(expected);
    });

    it.each<Case>([
        ['$.n', 'StringEquals', '5', false],
        ['$.s', 'NumericLessThan', 9, false],
        ['$.s', 'NumericGreaterThanEquals', 0, false],
        ['$.nothing', 'NumericLessThanEquals', 0, false],
        ['$.s', 'TimestampLessThan', '2026-01-01T00:00:00Z', false],
        ['$.s', 'StringEqualsPath', '$.n', false],
        ['$.n', 'NumericEqualsPath', '$.s', false],
        ['$.s', 'BooleanEqualsPath', '$.yes', false],
    ])('of different types never hold: %s %s %j', async (variable, operator, operand, expected) => {
        expect(await holds({ Variable: variable, [operator]: operand })).toBe(expected);
    });

    it.each<[variable: string, operator: string, is: boolean]>([
        ['$.nothing', 'IsNull', true],
        ['$.s', 'IsNull', false],
        ['$.n', 'IsNumeric', true],
        ['$.s', 'IsNumeric', false],
        ['$.s', 'IsString', true],
        ['$.n', 'IsString', false],
        ['$.no', 'IsBoolean', true],
        ['$.nothing', 'IsBoolean', false],
        ['$.later', 'IsTimestamp', true],
        ['$.s', 'IsTimestamp', false],
        ['$.nothing', 'IsPresent', true],
        ['$.none', 'IsPresent', false],
        ['$.none.deeper', 'IsPresent', false],
        ['$.list[0]', 'IsPresent', true],
        ['$.list[1]', 'IsPresent', false],
    ])('%s %s: true and false are opposites', async (variable, operator, is) => {
        expect(await holds({ Variable: variable, [operator]: true })).toBe(is);
        expect(await holds({ Variable: variable, [operator]: false })).toBe(!is);
    });

    it.each([
        '2026-02-30T00:00:00Z',
        '2026-03-01T24:00:00Z',
        '2026-03-01 12:00:00Z',
        '2026-03-01T12:00:00',
        '2026-03-01t12:00:00z',
        '2026-03-01',
    ])('%s is no timestamp', async (value) => {
        expect(await outputOf(choose({ Variable: '$', IsTimestamp: true }), value)).toBe(false);
    });

    it('are the 39 of the States Language, with And, Or, Not and IsPresent besides', () => {
        expect(Object.keys(OPERATORS)).toHaveLength(39 - 1);
    });
});

describe('And, Or and Not', () => {
    const yes = { Variable: '$.yes', BooleanEquals: true };
    const no = { Variable: '$.no', BooleanEquals: true };
    const missing = { Variable: '$.none', StringEquals: 'x' };

    it.each<[object, boolean]>([
        [{ And: [yes, yes] }, true],
        [{ And: [yes, no] }, false],
        [{ Or: [no, yes] }, true],
        [{ Or: [no, no] }, false],
        [{ Not: no }, true],
        [{ Not: yes }, false],
        [{ Not: { And: [yes, { Or: [no, { Not: yes }] }] } }, true],
        [{ And: [{ Variable: '$.none', IsPresent: true }, missing] }, false],
        [{ Or: [{ Variable: '$.none', IsPresent: false }, missing] }, true],
    ])('%j is %s', async (rule, expected) => {
        expect(await holds(rule)).toBe(expected);
    });
});

describe('a Choice state', () => {
    it.each([
        [{ Variable: '$.none', StringEquals: 'x' }, '$.none'],
        [{ Variable: '$.none', IsNull: true }, '$.none'],
        [{ Variable: '$.s', StringEqualsPath: '$.gone' }, '$.gone'],
        [{ Not: { Variable: '$.none', IsString: false } }, '$.none'],
    ])('fails when a path of %j finds nothing', async (rule, path) => {
        const { result } = await runMachine(choose(rule), input);

        expect(result).toEqual({
            status: 'FAILED',
            error: 'States.Runtime',
            cause: `An error occurred while executing the state 'C' (entered at the event id #2). Invalid path '${path}': The choice state's condition path references an invalid value.`,
        });
    });

    it('takes the first rule that holds', async () => {
        const machine = choose({ Variable: '$.n', NumericGreaterThan: 0 });
        machine.States.C.Choices.push({ Variable: '$.n', NumericGreaterThan: 1, Next: 'N' } as never);

        expect(await outputOf(machine, input)).toBe(true);
    });

    it('fails with States.NoChoiceMatched without a Default', async () => {
        const machine = choose({ Variable: '$.n', NumericEquals: 0 }, { Default: undefined });
        machine.States.C.Choices.push({ Variable: '$.n', NumericEquals: 1, Next: 'N' } as never);

        expect((await runMachine(machine, input)).result).toMatchObject({ error: 'States.NoChoiceMatched' });
    });

    it('tests the filtered input and passes on the filtered output', async () => {
        const state = { InputPath: '$.inner', OutputPath: '$.x' };
        const machine = choose({ Variable: '$.x.y', NumericEquals: 1 }, state);
        const kept = { ...machine, States: { ...machine.States, Y: { Type: 'Succeed' } } };

        expect(await outputOf(kept, { inner: { x: { y: 1 } } })).toEqual({ y: 1 });
    });
});
