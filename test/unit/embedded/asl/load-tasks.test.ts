import { describe, expect, it } from 'vitest';
import { problemsOf } from './problems-of.ts';
import { fn, single } from './run-machine.ts';

const task = (members: object) => single({ Type: 'Task', Resource: fn('f'), ...members });
const choice = (rule: object, members: object = {}) => ({
    StartAt: 'C',
    States: { C: { Type: 'Choice', Choices: [rule], ...members }, Y: { Type: 'Succeed' } },
});
const equal = { Variable: '$.a', NumericEquals: 1 };

describe('loading Tasks and Choices', () => {
    it.each<[string, object, string]>([
        ['no Resource', single({ Type: 'Task' }), '$.States.S.Resource: expected text, found nothing'],
        [
            'a Resource that is no ARN',
            task({ Resource: 'stage' }),
            "S.Resource: 'stage' has no handler here; expected a Lambda",
        ],
        [
            'an unregistered integration',
            task({ Resource: 'arn:aws:states:::states:startExecution' }),
            'has no handler here',
        ],
        ['an SDK integration', task({ Resource: 'arn:aws:states:::aws-sdk:s3:getObject' }), 'has no handler here'],
        ['a callback', task({ Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken' }), 'has no handler here'],
        ['an activity', task({ Resource: 'arn:aws:states:eu-west-1:1:activity:x' }), 'has no handler here'],
        ['no FunctionName', task({ Resource: 'arn:aws:states:::lambda:invoke' }), 'lambda:invoke needs a FunctionName'],
        [
            'an Event invocation',
            task({
                Resource: 'arn:aws:states:::lambda:invoke',
                Parameters: { FunctionName: 'f', InvocationType: 'Event' },
            }),
            'S.Parameters.InvocationType: only RequestResponse is supported',
        ],
        [
            'an unknown parameter',
            task({ Resource: 'arn:aws:states:::lambda:invoke', Parameters: { FunctionName: 'f', LogType: 'Tail' } }),
            'S.Parameters.LogType: unknown or unsupported field',
        ],
        ['HeartbeatSeconds', task({ HeartbeatSeconds: 5 }), 'S.HeartbeatSeconds: heartbeats are not supported'],
        ['Credentials', task({ Credentials: {} }), 'S.Credentials: there is no other account'],
        [
            'a timeout of 0',
            task({ TimeoutSeconds: 0 }),
            'S.TimeoutSeconds: expected an integer from 1 to 99999999, found 0',
        ],
        ['a fractional timeout', task({ TimeoutSeconds: 1.5 }), 'S.TimeoutSeconds: expected an integer'],
        ['two timeouts', task({ TimeoutSeconds: 1, TimeoutSecondsPath: '$.t' }), 'stands beside TimeoutSeconds'],
        ['a vague timeout', task({ TimeoutSecondsPath: '$..t' }), 'is no reference path'],
        ['an empty Retry', task({ Retry: [] }), 'S.Retry: expected a non-empty array, found []'],
        ['a retrier that is none', task({ Retry: [1] }), 'S.Retry[0]: expected an object, found 1'],
        ['no ErrorEquals', task({ Retry: [{}] }), 'S.Retry[0].ErrorEquals: expected a non-empty array, found nothing'],
        ['a name that is none', task({ Retry: [{ ErrorEquals: [1] }] }), 'ErrorEquals[0]: expected text, found 1'],
        ['ALL in company', task({ Retry: [{ ErrorEquals: ['States.ALL', 'A'] }] }), 'States.ALL must stand alone'],
        [
            'ALL too early',
            task({ Retry: [{ ErrorEquals: ['States.ALL'] }, { ErrorEquals: ['A'] }] }),
            'S.Retry[0].ErrorEquals: States.ALL must come last',
        ],
        [
            'an interval of 0',
            task({ Retry: [{ ErrorEquals: ['A'], IntervalSeconds: 0 }] }),
            'IntervalSeconds: expected an',
        ],
        [
            'a shrinking backoff',
            task({ Retry: [{ ErrorEquals: ['A'], BackoffRate: 0.5 }] }),
            'BackoffRate: expected a number',
        ],
        [
            'negative attempts',
            task({ Retry: [{ ErrorEquals: ['A'], MaxAttempts: -1 }] }),
            'MaxAttempts: expected an integer',
        ],
        [
            'a long delay',
            task({ Retry: [{ ErrorEquals: ['A'], MaxDelaySeconds: 31_622_401 }] }),
            'MaxDelaySeconds: expected',
        ],
        [
            'odd jitter',
            task({ Retry: [{ ErrorEquals: ['A'], JitterStrategy: 'HALF' }] }),
            'JitterStrategy: expected FULL or NONE',
        ],
        ['a misspelt retrier', task({ Retry: [{ ErrorEquals: ['A'], Interval: 1 }] }), 'S.Retry[0].Interval: unknown'],
        [
            'a catcher to nowhere',
            task({ Catch: [{ ErrorEquals: ['A'], Next: 'Z' }] }),
            "S: leads to 'Z', which is no state",
        ],
        ['a catcher without Next', task({ Catch: [{ ErrorEquals: ['A'] }] }), 'S.Catch[0].Next: expected text'],
        [
            'a catcher that assigns',
            task({ Catch: [{ ErrorEquals: ['A'], Next: 'S', Assign: {} }] }),
            'Catch[0].Assign: var',
        ],
    ])('refuses a Task with %s', (_, definition, problem) => {
        expect(problemsOf(definition)[0]).toContain(problem);
    });

    it.each<[string, object, string]>([
        ['no rules', choice({}, { Choices: [] }), '$.States.C.Choices: expected a non-empty array, found []'],
        ['a rule that is none', choice({}, { Choices: [1] }), '$.States.C.Choices[0]: expected an object, found 1'],
        ['a rule without Next', choice(equal), '$.States.C.Choices[0].Next: expected text, found nothing'],
        [
            'no comparison',
            choice({ Variable: '$', Next: 'Y' }),
            'expected one of And, Or, Not or one comparison, found none',
        ],
        ['two comparisons', choice({ ...equal, IsNull: true, Next: 'Y' }), 'found NumericEquals and IsNull'],
        ['an unknown operator', choice({ Variable: '$', Near: 1, Next: 'Y' }), 'found none'],
        ['no Variable', choice({ IsNull: true, Next: 'Y' }), 'Choices[0].Variable: expected text, found nothing'],
        ['a bad Variable', choice({ ...equal, Variable: 'a', Next: 'Y' }), 'Choices[0].Variable: a path starts with $'],
        ['a Variable beside And', choice({ And: [equal], Variable: '$', Next: 'Y' }), 'Choices[0].Variable: unknown'],
        ['Next inside And', choice({ And: [{ ...equal, Next: 'Y' }], Next: 'Y' }), 'Choices[0].And[0].Next: unknown'],
        ['an empty Or', choice({ Or: [], Next: 'Y' }), 'Choices[0].Or: expected a non-empty array'],
        ['a Not of none', choice({ Not: [], Next: 'Y' }), 'Choices[0].Not: expected an object, found []'],
        [
            'a number as text',
            choice({ Variable: '$', StringEquals: 1, Next: 'Y' }),
            'StringEquals: expected a string, found 1',
        ],
        [
            'text as a number',
            choice({ Variable: '$', NumericLessThan: '1', Next: 'Y' }),
            'expected a number, found "1"',
        ],
        [
            'a bad time',
            choice({ Variable: '$', TimestampEquals: '2026', Next: 'Y' }),
            'expected a timestamp, found "2026"',
        ],
        ['an unclear Is', choice({ Variable: '$', IsPresent: 'true', Next: 'Y' }), 'IsPresent: expected a boolean'],
        [
            'a bad operand path',
            choice({ Variable: '$', StringEqualsPath: 'x', Next: 'Y' }),
            'StringEqualsPath: a path starts',
        ],
        ['JSONata', choice({ Condition: '{% %}', Next: 'Y' }), 'found none'],
        [
            'a Next to nowhere',
            choice({ ...equal, Next: 'Z' }),
            "$.States.C: leads to 'Z', which is no state of $.States",
        ],
        ['a Default to nowhere', choice({ ...equal, Next: 'Y' }, { Default: 'Z' }), "$.States.C: leads to 'Z'"],
    ])('refuses a Choice with %s', (_, definition, problem) => {
        expect(problemsOf(definition)[0]).toContain(problem);
    });
});
