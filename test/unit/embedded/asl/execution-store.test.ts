import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConflictError, PipelineError, UsageError } from '#core/errors.ts';
import { createExecutionStore, ExecutionAlreadyExists } from '#embedded/asl/execution-store.ts';
import type { EventType } from '#embedded/asl/history.ts';
import { virtualClock } from './virtual-clock.ts';

let folder: string;
beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'executions-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const file = (name: string) => join(folder, 'executions', 'ingest', name);
const event = (id: number, type: EventType) => ({
    id,
    previousEventId: id - 1,
    type,
    timestamp: '2026-01-01T00:00:00.000Z',
    details: {},
});
const never = new AbortController().signal;

describe('starting an execution', () => {
    it('records it as running in this process', () => {
        const store = createExecutionStore(folder, virtualClock());

        const { created, execution } = store.start({ machine: 'ingest', name: 'a1', input: { k: 1 } });

        expect(created).toBe(true);
        expect(execution).toMatchObject({
            id: 'arn:aws:states:local:000000000000:execution:ingest:a1',
            machine: 'ingest',
            name: 'a1',
            input: { k: 1 },
            status: 'RUNNING',
            startedAt: '2026-01-01T00:00:00.000Z',
            process: { pid: process.pid },
        });
        expect(createExecutionStore(folder).get('a1')).toEqual(execution);
        expect(readdirSync(join(folder, 'executions', 'ingest'))).toEqual(['a1.json']);
    });

    it('again with an equal input gives the one there is', () => {
        const store = createExecutionStore(folder, virtualClock());
        const first = store.start({ machine: 'ingest', name: 'a1', input: { k: 1, l: 2 } });

        expect(store.start({ machine: 'ingest', name: 'a1', input: { l: 2, k: 1 } })).toEqual({
            created: false,
            execution: first.execution,
        });

        const done = store.finish(first.execution, { status: 'SUCCEEDED', output: 7 });
        expect(store.start({ machine: 'ingest', name: 'a1', input: { k: 1, l: 2 } })).toEqual({
            created: false,
            execution: done,
        });
    });

    it('again with another input is a conflict', () => {
        const store = createExecutionStore(folder);
        store.start({ machine: 'ingest', name: 'a1', input: 1 });

        const again = () => store.start({ machine: 'ingest', name: 'a1', input: 2 });

        expect(again).toThrow(ExecutionAlreadyExists);
        expect(again).toThrow(ConflictError);
        expect(again).toThrow(
            "execution 'a1' of 'ingest' exists with another input; choose another name for this input",
        );
        expect(store.start({ machine: 'build', name: 'a1', input: 2 }).created).toBe(true);
    });

    it.each(['', '.a', 'a/b', '../a', 'a b', 'x'.repeat(81)])('refuses the name %j', (name) => {
        const store = createExecutionStore(folder);

        expect(() => store.start({ machine: 'ingest', name, input: 1 })).toThrow(UsageError);
        expect(() => store.start({ machine: name, name: 'a', input: 1 })).toThrow(`'${name}' cannot name an machine`);
        expect(store.get(name)).toBeUndefined();
    });
});

describe('finding executions', () => {
    it('by id, by machine and name, and by a name that only one has', () => {
        const store = createExecutionStore(folder);
        const { execution } = store.start({ machine: 'ingest', name: 'a1', input: 1 });
        store.start({ machine: 'ingest', name: 'twice', input: 1 });
        store.start({ machine: 'build', name: 'twice', input: 1 });

        expect(store.get(execution.id)).toEqual(execution);
        expect(store.get('ingest/a1')).toEqual(execution);
        expect(store.get('a1')).toEqual(execution);
        expect(store.get('a2')).toBeUndefined();
        expect(store.get('ingest/../ingest')).toBeUndefined();
        expect(() => store.get('twice')).toThrow(
            /'twice' names several executions; say which: (build|ingest)\/twice, /,
        );
    });

    it('lists the newest first, of a machine, of a status, so many', async () => {
        const clock = virtualClock();
        const store = createExecutionStore(folder, clock);
        for (const name of ['b', 'a', 'c']) {
            const { execution } = store.start({ machine: 'ingest', name, input: 1 });
            if (name !== 'c') store.finish(execution, { status: 'FAILED', error: 'E', cause: 'why' });
            await clock.sleep(1000, never);
        }
        store.start({ machine: 'build', name: 'd', input: 1 });
        const names = (filter?: Parameters<typeof store.list>[0]) => store.list(filter).map((each) => each.name);

        expect(names()).toEqual(['d', 'c', 'a', 'b']);
        expect(names({ machine: 'ingest' })).toEqual(['c', 'a', 'b']);
        expect(names({ status: 'FAILED', limit: 1 })).toEqual(['a']);
        expect(store.list({ status: 'FAILED' })[0]).toMatchObject({
            error: 'E',
            cause: 'why',
            stoppedAt: '2026-01-01T00:00:01.000Z',
        });
    });

    it('finds none where there are none', () => {
        expect(createExecutionStore(folder).list()).toEqual([]);
        mkdirSync(join(folder, 'executions'));
        writeFileSync(join(folder, 'executions', '.DS_Store'), '');
        expect(createExecutionStore(folder).list()).toEqual([]);
    });

    it.each([
        ['is gone', { pid: 2 ** 22 + 1, started: 'x' }],
        ['is another one by now', { pid: process.pid, started: 'long ago' }],
    ])('reads a running execution as ABORTED when its process %s', (_, identity) => {
        const store = createExecutionStore(folder);
        const { execution } = store.start({ machine: 'ingest', name: 'a1', input: 1 });
        writeFileSync(file('a1.json'), JSON.stringify({ ...execution, process: identity }));

        expect(store.get('a1')).toMatchObject({
            status: 'ABORTED',
            cause: `process ${identity.pid}, which ran it, is gone`,
        });
        expect(store.list({ status: 'RUNNING' })).toEqual([]);
    });
});

describe('the history of a stored execution', () => {
    it('is on disk as soon as a state ends', () => {
        const store = createExecutionStore(folder);
        const log = store.log(store.start({ machine: 'ingest', name: 'a1', input: 1 }).execution);

        log.append(event(1, 'PassStateEntered'));
        expect(store.events('a1')).toEqual([]);
        log.append(event(2, 'PassStateExited'));
        expect(store.events('a1').map(({ id }) => id)).toEqual([1, 2]);
        log.append(event(3, 'PassStateEntered'));
        log.close();
        expect(store.events('a1')).toHaveLength(3);
    });

    it.each<EventType>([
        'TaskStarted',
        'LambdaFunctionStarted',
        'TaskStateAborted',
        'ExecutionStarted',
        'ExecutionFailed',
    ])('is on disk after %s', (type) => {
        const store = createExecutionStore(folder);
        const log = store.log(store.start({ machine: 'ingest', name: 'a1', input: 1 }).execution);

        log.append(event(1, type));

        expect(store.events('a1')).toHaveLength(1);
        log.close();
    });

    it('reads without the line that a kill tore', () => {
        const store = createExecutionStore(folder);
        const log = store.log(store.start({ machine: 'ingest', name: 'a1', input: 1 }).execution);
        log.append(event(1, 'ExecutionStarted'));
        log.close();
        const whole = readFileSync(file('a1.jsonl'), 'utf8');

        for (let length = 1; length < whole.length; length += 7) {
            appendFileSync(file('a1.jsonl'), whole.slice(0, length));
            expect(store.events('a1').map(({ id }) => id)).toEqual([1]);
            writeFileSync(file('a1.jsonl'), whole);
        }
    });

    it('says which line is broken when it is not the last', () => {
        const store = createExecutionStore(folder);
        store.start({ machine: 'ingest', name: 'a1', input: 1 });
        writeFileSync(file('a1.jsonl'), '{}\nbroken\n{}\n');

        expect(() => store.events('a1')).toThrow(PipelineError);
        expect(() => store.events('a1')).toThrow(`line 2 of ${file('a1.jsonl')} is no event`);
    });

    it('is empty for an execution that has written nothing, or is not there', () => {
        const store = createExecutionStore(folder);
        store.start({ machine: 'ingest', name: 'a1', input: 1 });

        expect(store.events('a1')).toEqual([]);
        expect(store.events('a2')).toEqual([]);
    });
});
