import { describe, expect, it } from 'vitest';
import type { TaskHandler } from '#embedded/asl/execution.ts';
import type { Json } from '#embedded/asl/json.ts';
import { problemsOf } from './problems-of.ts';
import { fn, named, outputOf, type Run, runMachine, single } from './run-machine.ts';

const READER = {
    Resource: 'arn:aws:states:::s3:getObject',
    ReaderConfig: { InputType: 'JSON' },
    Parameters: { Bucket: 'lake', 'Key.$': '$.manifest' },
};
const PROCESSOR = {
    ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
    StartAt: 'I',
    States: { I: { Type: 'Task', Resource: fn('f'), End: true } },
};
const map = (members: object = {}, processor: object = {}) =>
    single({
        Type: 'Map',
        ItemReader: READER,
        MaxConcurrency: 3,
        ResultPath: null,
        ...members,
        ItemProcessor: { ...PROCESSOR, ...processor },
    });

/** A lake with one manifest, and a function `f` that may fail. */
function lake(items: unknown, f: TaskHandler = async () => null): Run {
    const objects = new Map([['lake/m.json', typeof items === 'string' ? items : JSON.stringify(items)]]);
    return { readObject: async ({ bucket, key }) => objects.get(`${bucket}/${key}`), tasks: { f } };
}

const INPUT = { manifest: 'm.json' };
const failing = (...bad: readonly Json[]): TaskHandler => {
    return async (item) => {
        if (bad.includes(item)) throw named('Bad', `no ${item}`);
    };
};

describe('a Distributed Map', () => {
    it('runs its states for each item of the file, and hands its input on', async () => {
        const seen: Json[] = [];
        const f: TaskHandler = async (item) => seen.push(item);

        expect(await outputOf(map(), INPUT, lake([{ id: 1 }, 'b', 3], f))).toEqual(INPUT);
        expect(seen).toEqual([{ id: 1 }, 'b', 3]);
        expect(await outputOf(map(), INPUT, lake([]))).toEqual(INPUT);
    });

    it('runs no more at once than it says', async () => {
        let [running, most] = [0, 0];
        const f: TaskHandler = async () => {
            most = Math.max(most, ++running);
            await new Promise((wake) => setImmediate(wake));
            running--;
        };
        await outputOf(map(), INPUT, lake([...Array(50).keys()], f));

        expect(most).toBe(3);
    });

    it('gives each item what its selector picks of the input and the item', async () => {
        const seen: Json[] = [];
        const ItemSelector = { 'from.$': '$.manifest', 'id.$': '$$.Map.Item.Value.id', 'n.$': '$$.Map.Item.Index' };
        await outputOf(
            map({ ItemSelector }),
            INPUT,
            lake([{ id: 'x' }], async (item) => seen.push(item)),
        );

        expect(seen).toEqual([{ from: 'm.json', id: 'x', n: 0 }]);
    });

    it('keeps a history of the run alone, however many items there are', async () => {
        const { result, events } = await runMachine(map(), INPUT, lake([...Array(12_000).keys()]));

        expect(result.status).toBe('SUCCEEDED');
        expect(events.map(({ type }) => type)).toEqual([
            'ExecutionStarted',
            'MapStateEntered',
            'MapStateStarted',
            'MapRunStarted',
            'MapRunSucceeded',
            'MapStateSucceeded',
            'MapStateExited',
            'ExecutionSucceeded',
        ]);
    });

    it('fails with the first item that fails, where none may', async () => {
        const { result, events } = await runMachine(map(), INPUT, lake([1, 2, 3], failing(2)));

        expect(result).toMatchObject({
            status: 'FAILED',
            error: 'States.ExceedToleratedFailureThreshold',
            cause: expect.stringContaining('1 of 3 items failed, the last with Bad: '),
        });
        expect(events.map(({ type }) => type)).toContain('MapRunFailed');
    });

    it.each<[object, Json[], boolean]>([
        [{ ToleratedFailureCount: 1 }, [1], true],
        [{ ToleratedFailureCount: 1 }, [1, 2], false],
        [{ ToleratedFailurePercentage: 50 }, [1, 2], true],
        [{ ToleratedFailurePercentage: 50 }, [1, 2, 3], false],
        [{ ToleratedFailurePercentage: 100 }, [1, 2, 3, 4], true],
        [{ ToleratedFailurePercentage: 100, ToleratedFailureCount: 0 }, [4], false],
    ])('with %o goes on after %o of four items failed: %s', async (tolerance, bad, goesOn) => {
        const { result } = await runMachine(map(tolerance), INPUT, lake([1, 2, 3, 4], failing(...bad)));

        expect(result.status).toBe(goesOn ? 'SUCCEEDED' : 'FAILED');
    });

    it('runs all items though some fail, where that is tolerated', async () => {
        const seen: Json[] = [];
        const f: TaskHandler = async (item, invocation) => {
            seen.push(item);
            await failing(1, 3)(item, invocation);
        };
        await outputOf(map({ ToleratedFailurePercentage: 100 }), INPUT, lake([1, 2, 3, 4, 5], f));

        expect(seen).toEqual([1, 2, 3, 4, 5]);
    });

    it('is retried and caught like any other', async () => {
        const Catch = [{ ErrorEquals: ['States.ItemReaderFailed'], Next: 'Caught' }];
        const definition = {
            StartAt: 'S',
            States: { ...map({ Catch, End: undefined, Next: 'Caught' }).States, Caught: { Type: 'Pass', End: true } },
        };

        expect(await outputOf(definition, { manifest: 'other.json' }, lake([]))).toMatchObject({
            Error: 'States.ItemReaderFailed',
        });
    });

    it.each<[string, Run, Json, string]>([
        ['the file is not there', lake([]), { manifest: 'other.json' }, 'there is no object other.json in lake'],
        ['the file is no JSON', lake('{'), INPUT, 'm.json is no JSON'],
        ['the file holds no array', lake({ a: 1 }), INPUT, 'm.json holds no array'],
        ['the key is no text', lake([]), { manifest: 1 }, 'expected the texts Bucket and Key, found {"Bucket":"lake"'],
        [
            'the file cannot be read',
            { readObject: () => Promise.reject(new Error('not allowed')) },
            INPUT,
            'cannot read its items: not allowed',
        ],
        ['there is nothing to read it with', {}, INPUT, 'there is no object m.json in lake'],
    ])('fails when %s', async (_, run, input, cause) => {
        const { result } = await runMachine(map(), input, run);

        expect(result).toMatchObject({
            status: 'FAILED',
            error: 'States.ItemReaderFailed',
            cause: expect.stringContaining(cause),
        });
    });

    it('stops its items when the execution is stopped', async () => {
        const stop = new AbortController();
        const f: TaskHandler = (_, { signal }) =>
            new Promise((_resolve, reject) => {
                signal.addEventListener('abort', () => reject(signal.reason));
                stop.abort(new Error('enough'));
            });
        const { result } = await runMachine(map(), INPUT, { ...lake([1, 2]), tasks: { f }, signal: stop.signal });

        expect(result).toMatchObject({ status: 'ABORTED', cause: 'enough' });
    });
});

describe('the definition of a Distributed Map', () => {
    it('is sound as it stands here', () => {
        expect(problemsOf(map({ Label: 'Objects', ToleratedFailureCount: 3 }))).toEqual([]);
    });

    it.each<[string, object, string]>([
        ['no reader', map({ ItemReader: undefined }), 'S.ItemReader: expected an object, found nothing'],
        ['another reader', map({ ItemReader: { ...READER, Resource: 'x' } }), 'Resource: expected arn:aws:states:::s3'],
        [
            'another format',
            map({ ItemReader: { ...READER, ReaderConfig: { InputType: 'CSV' } } }),
            'ReaderConfig.InputType: expected JSON, found "CSV"',
        ],
        [
            'a reader that stops early',
            map({ ItemReader: { ...READER, ReaderConfig: { InputType: 'JSON', MaxItems: 3 } } }),
            'ReaderConfig.MaxItems: unknown or unsupported field',
        ],
        ['no key', map({ ItemReader: { ...READER, Parameters: { Bucket: 'b' } } }), 'getObject needs a Key'],
        ['a bad key', map({ ItemReader: { ...READER, Parameters: { Bucket: 'b', 'Key.$': 'x' } } }), 'a path starts'],
        ['batches', map({ ItemBatcher: {} }), 'S.ItemBatcher: batches are not supported'],
        ['a writer', map({ ResultWriter: {} }), 'S.ResultWriter: results of a Distributed Map are not kept'],
        ['a tolerance by path', map({ ToleratedFailureCountPath: '$.n' }), 'tolerance is a number here'],
        ['a tolerance above all', map({ ToleratedFailurePercentage: 101 }), 'expected a number from 0 to 100'],
        ['items of its input', map({ ItemsPath: '$.items' }), 'S.ItemsPath: the items come from the ItemReader'],
        ['a result', map({ ResultPath: '$.r' }), 'S.ResultPath: expected null'],
        ['a selector of results', map({ ResultSelector: {} }), 'S.ResultSelector: there is no result'],
        ['no bound', map({ MaxConcurrency: 0 }), 'a Distributed Map is not left unbounded'],
        ['a bound by path', map({ MaxConcurrencyPath: '$.n' }), 'a Distributed Map says how many run at once'],
        ['too many at once', map({ MaxConcurrency: 10_001 }), 'expected an integer from 0 to 10000'],
        ['a long label', map({ Label: 'x'.repeat(41) }), 'labels have at most 40 characters'],
        [
            'express executions',
            map({}, { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' } }),
            'ExecutionType: expected STANDARD, found "EXPRESS"',
        ],
        [
            "its parent's name inside",
            map({}, { States: { I: { Type: 'Pass', Parameters: { 'n.$': '$$.Execution.Name' }, End: true } } }),
            "'$$.Execution.Name' means something else in each place",
        ],
    ])('is refused with %s', (_, definition, problem) => {
        expect(problemsOf(definition).join('\n')).toContain(problem);
    });
});
