import { describe, expect, it } from 'vitest';
import { problemsOf } from './problems-of.ts';
import { fn, single } from './run-machine.ts';

const task = (members: object) => single({ Type: 'Task', Resource: fn('f'), ...members });
const map = (members: object, processor: object = {}) =>
    single({
        Type: 'Map',
        ItemProcessor: { StartAt: 'I', States: { I: { Type: 'Pass', End: true } }, ...processor },
        ...members,
    });

describe('loading states', () => {
    it.each<[string, object, string]>([
        ['an unknown type', single({ Type: 'Loop' }), '$.States.S.Type: expected one of Task, Parallel, Map'],
        ['a type off the prototype', single({ Type: 'toString' }), '$.States.S.Type: expected one of Task'],
        ['JSONata', single({ Type: 'Pass', QueryLanguage: 'JSONata' }), '$.States.S.QueryLanguage: only JSONPath'],
        ['Next and End', single({ Type: 'Pass', Next: 'S' }), '$.States.S.Next: stands beside End; keep one'],
        ['an End that is none', single({ Type: 'Pass', End: 'yes' }), '$.States.S.End: expected true, found "yes"'],
        [
            'a Next that is none',
            single({ Type: 'Pass', End: false, Next: 1 }),
            '$.States.S.Next: expected text, found 1',
        ],
        ['Assign', single({ Type: 'Pass', Assign: {} }), '$.States.S.Assign: variables (Assign) are not supported'],
        ['Output', single({ Type: 'Pass', Output: '' }), '$.States.S.Output: belongs to JSONata'],
        ['Next in a Succeed', single({ Type: 'Succeed' }), '$.States.S.End: unknown or unsupported field'],
        [
            'InputPath in a Fail',
            single({ Type: 'Fail', End: undefined, InputPath: '$' }),
            '$.States.S.InputPath: unknown',
        ],
        ['Retry in a Pass', single({ Type: 'Pass', Retry: [] }), '$.States.S.Retry: unknown or unsupported field'],
        ['a bad InputPath', single({ Type: 'Pass', InputPath: 'a' }), '$.States.S.InputPath: a path starts with $'],
        ['an InputPath that is none', single({ Type: 'Pass', InputPath: 1 }), 'S.InputPath: expected a path, found 1'],
        [
            'a ResultPath with *',
            single({ Type: 'Pass', ResultPath: '$.a[*]' }),
            "S.ResultPath: '$.a[*]' is no reference",
        ],
        ['a ResultPath to $$', single({ Type: 'Pass', ResultPath: '$$.State' }), "'$$.State': results cannot go to"],
        [
            'a bad parameter',
            single({ Type: 'Pass', Parameters: { a: [{ 'b.$': 'x' }] } }),
            "S.Parameters.a[0]['b.$']: a path",
        ],
        [
            'a parameter no path',
            single({ Type: 'Pass', Parameters: { 'b.$': 1 } }),
            "['b.$']: expected a path, found 1",
        ],
        ['a parameter twice', single({ Type: 'Pass', Parameters: { b: 1, 'b.$': '$.b' } }), "'b' stands here twice"],
        [
            'an unknown intrinsic',
            single({ Type: 'Pass', Parameters: { 'b.$': 'States.X()' } }),
            'unknown intrinsic States.X',
        ],
        ['a task token', task({ Parameters: { 't.$': '$$.Task.Token' } }), "'$$.Task.Token': the context object has"],
        ['a nested token', task({ Parameters: { 't.$': 'States.Array($$.Task.Token)' } }), 'no Task'],
        ['an intrinsic as InputPath', single({ Type: 'Pass', InputPath: 'States.UUID()' }), 'a path starts with $'],
    ])('refuses a state with %s', (_, definition, problem) => {
        expect(problemsOf(definition)[0]).toContain(problem);
    });

    it.each<[string, object, string]>([
        [
            'no time',
            single({ Type: 'Wait' }),
            'expected one of Seconds, SecondsPath, Timestamp, TimestampPath, found none',
        ],
        ['two times', single({ Type: 'Wait', Seconds: 1, SecondsPath: '$.s' }), 'found Seconds and SecondsPath'],
        ['negative seconds', single({ Type: 'Wait', Seconds: -1 }), 'S.Seconds: expected an integer from 0'],
        ['a bad timestamp', single({ Type: 'Wait', Timestamp: 'noon' }), 'S.Timestamp: expected a time such as'],
        [
            'two errors',
            single({ Type: 'Fail', End: undefined, Error: 'E', ErrorPath: '$.e' }),
            'S.ErrorPath: stands beside Error',
        ],
        [
            'a bad cause',
            single({ Type: 'Fail', End: undefined, CausePath: 'States.No()' }),
            'S.CausePath: unknown intrinsic',
        ],
        ['no branches', single({ Type: 'Parallel' }), 'S.Branches: expected a non-empty array'],
        ['an odd branch', single({ Type: 'Parallel', Branches: [1] }), 'S.Branches[0]: expected an object, found 1'],
        [
            'a lost branch',
            single({ Type: 'Parallel', Branches: [{ StartAt: 'B', States: { B: { Type: 'Pass', Next: 'S' } } }] }),
            "S.Branches[0].States.B: leads to 'S', which is no state of $.States.S.Branches[0].States",
        ],
        ['no processor', single({ Type: 'Map' }), 'S.ItemProcessor: expected an object, found nothing'],
        ['an Iterator', map({ Iterator: {} }), 'S.Iterator: superseded by ItemProcessor'],
        ['Parameters', map({ Parameters: {} }), 'S.Parameters: superseded by ItemSelector'],
        ['an ItemReader', map({ ItemReader: {} }), 'S.ItemReader: belongs to a Map in the mode DISTRIBUTED'],
        ['tolerance', map({ ToleratedFailureCount: 1 }), 'S.ToleratedFailureCount: belongs to a Map in the mode'],
        [
            'an odd mode',
            map({}, { ProcessorConfig: { Mode: 'FAST' } }),
            'ProcessorConfig.Mode: expected INLINE or DISTRIBUTED, found "FAST"',
        ],
        ['an odd configuration', map({}, { ProcessorConfig: 1 }), 'ProcessorConfig: expected an object, found 1'],
        ['a negative concurrency', map({ MaxConcurrency: -1 }), 'S.MaxConcurrency: expected an integer from 0'],
        [
            'two concurrencies',
            map({ MaxConcurrency: 1, MaxConcurrencyPath: '$.c' }),
            'S.MaxConcurrencyPath: stands beside',
        ],
        ['vague items', map({ ItemsPath: '$.a[*]' }), "S.ItemsPath: '$.a[*]' is no reference path"],
        ['a bad selector', map({ ItemSelector: { 'a.$': 'b' } }), "S.ItemSelector['a.$']: a path starts with $"],
        [
            'a repeated name',
            map({}, { StartAt: 'S', States: { S: { Type: 'Pass', End: true } } }),
            'the machine has another state of this name at $.States.S',
        ],
        [
            'a long name',
            { StartAt: 'x'.repeat(81), States: { ['x'.repeat(81)]: { Type: 'Succeed' } } },
            'at most 80 characters',
        ],
    ])('refuses %s', (_, definition, problem) => {
        expect(problemsOf(definition)[0]).toContain(problem);
    });
});
