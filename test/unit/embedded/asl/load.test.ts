import { describe, expect, it } from 'vitest';
import { UsageError } from '#core/errors.ts';
import { loadMachine } from '#embedded/asl/load.ts';
import { problemsOf } from './problems-of.ts';
import { fn, single } from './run-machine.ts';

/** A placeholder as it stands in a definition's text. */
const hole = (name: string) => `$${`{${name}}`}`;

describe('loadMachine', () => {
    it('gives the definition and the handlers it needs', () => {
        const text = JSON.stringify({
            StartAt: 'A',
            States: {
                A: { Type: 'Task', Resource: hole('StageArn'), Next: 'B' },
                B: {
                    Type: 'Task',
                    Resource: 'arn:aws:states:::lambda:invoke',
                    Parameters: { FunctionName: `${hole('Build')}:live`, 'Payload.$': '$' },
                    Next: 'C',
                },
                C: { Type: 'Task', Resource: 'arn:aws:states:::states:startExecution', Parameters: {}, End: true },
            },
        });

        const machine = loadMachine(text, {
            name: 'ingest',
            placeholders: { StageArn: fn('stage'), Build: 'build' },
            integrations: ['arn:aws:states:::states:startExecution'],
        });

        expect(machine.name).toBe('ingest');
        expect(machine.definition.States.A).toMatchObject({ Resource: fn('stage') });
        expect(machine.resources).toEqual(['arn:aws:states:::states:startExecution', 'build', 'stage']);
    });

    it('says all that is wrong at once, with its place', () => {
        const load = () =>
            loadMachine(`{"StartAt":"X","States":{"A b":{"Type":"Pass","Nxt":"${hole('N')}"}}}`, {
                name: 'ingest',
                placeholders: { Known: 'k' },
            });

        expect(load).toThrow(UsageError);
        expect(load).toThrow(
            [
                "state machine 'ingest' cannot be run; correct its definition:",
                `  $: no value for the placeholder ${hole('N')}; known: Known`,
                "  $.States['A b'].Nxt: unknown or unsupported field; allowed here: Type, Comment, QueryLanguage, InputPath, OutputPath, Next, End, Result, Parameters, ResultPath",
                "  $.States['A b']: expected Next or End: true",
                "  $.StartAt: there is no state 'X' in $.States",
                "  $.States['A b']: is never reached from StartAt 'X'",
                '  $.States: no state ends it: expected End: true, Succeed or Fail',
            ].join('\n'),
        );
    });

    it('escapes what it puts in for a placeholder', () => {
        const text = JSON.stringify(single({ Type: 'Pass', Result: hole('V') }));

        const machine = loadMachine(text, { name: 'm', placeholders: { V: 'a"b\\c' } });

        expect(machine.definition.States.S).toMatchObject({ Result: 'a"b\\c' });
    });

    it.each<[string, unknown, string]>([
        ['no JSON', '{', '$: is no JSON: '],
        ['no object', [], '$: expected an object, found []'],
        ['an unknown member', { ...single({ Type: 'Pass' }), Foo: 1 }, '$.Foo: unknown or unsupported field'],
        ['another version', { ...single({ Type: 'Pass' }), Version: '2' }, '$.Version: expected "1.0", found "2"'],
        ['a timeout of 0', { ...single({ Type: 'Pass' }), TimeoutSeconds: 0 }, '$.TimeoutSeconds: expected a positive'],
        ['JSONata', { ...single({ Type: 'Pass' }), QueryLanguage: 'JSONata' }, '$.QueryLanguage: only JSONPath'],
        ['no states', { StartAt: 'S' }, '$.States: expected an object, found nothing'],
        ['no StartAt', { States: { S: { Type: 'Pass', End: true } } }, '$.StartAt: expected text, found nothing'],
        ['a state that is none', { StartAt: 'S', States: { S: 1 } }, '$.States.S: expected an object, found 1'],
    ])('refuses a machine with %s', (_, definition, problem) => {
        expect(problemsOf(definition)[0]).toContain(problem);
    });

    it('refuses states that are never reached and groups that never end', () => {
        const loop = {
            StartAt: 'A',
            States: {
                A: { Type: 'Pass', Next: 'B' },
                B: { Type: 'Pass', Next: 'A' },
                C: { Type: 'Pass', Next: 'B' },
            },
        };

        expect(problemsOf(loop)).toEqual([
            "$.States.C: is never reached from StartAt 'A'",
            '$.States: no state ends it: expected End: true, Succeed or Fail',
        ]);
    });

    it('accepts every supported member', () => {
        const errors = {
            Retry: [
                {
                    ErrorEquals: ['A'],
                    IntervalSeconds: 1,
                    MaxAttempts: 0,
                    BackoffRate: 1.5,
                    MaxDelaySeconds: 2,
                    JitterStrategy: 'FULL',
                },
            ],
        };
        const definition = {
            Comment: 'all',
            Version: '1.0',
            QueryLanguage: 'JSONPath',
            TimeoutSeconds: 60,
            StartAt: 'T',
            States: {
                T: {
                    Type: 'Task',
                    Comment: 'c',
                    Resource: fn('f'),
                    InputPath: null,
                    OutputPath: '$.a[?(@.b)]',
                    Parameters: { 'a.$': 'States.UUID()' },
                    ResultSelector: { 'b.$': '$' },
                    ResultPath: null,
                    TimeoutSecondsPath: '$.t',
                    ...errors,
                    Catch: [{ ErrorEquals: ['States.ALL'], Next: 'F', ResultPath: '$.error' }],
                    Next: 'M',
                },
                M: {
                    Type: 'Map',
                    ItemsPath: '$$.Execution.Input.items',
                    ItemSelector: { 'i.$': '$$.Map.Item.Value' },
                    MaxConcurrencyPath: '$.c',
                    ItemProcessor: {
                        ProcessorConfig: { Mode: 'INLINE' },
                        StartAt: 'W',
                        States: { W: { Type: 'Wait', TimestampPath: '$.at', End: true } },
                    },
                    Next: 'P',
                },
                P: {
                    Type: 'Parallel',
                    Branches: [{ StartAt: 'Q', States: { Q: { Type: 'Succeed' } } }],
                    Parameters: {},
                    ...errors,
                    End: true,
                },
                F: { Type: 'Fail', ErrorPath: '$.e', CausePath: "States.Format('{}', $.c)" },
            },
        };

        expect(problemsOf(definition)).toEqual([]);
    });
});
