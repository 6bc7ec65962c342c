import { linkSync, mkdirSync, readdirSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConflictError, UsageError } from '#core/errors.ts';
import { isAlive, ownIdentity } from '../process-identity.ts';
import { type Clock, systemClock } from './clock.ts';
import { type EventLog, openEventLog, readEventLog } from './event-log.ts';
import { arnOf } from './execution.ts';
import type { ExecutionRecord, ExecutionStatus } from './execution-record.ts';
import type { HistoryEvent } from './history.ts';
import { type Json, sameJson, throughJson } from './json.ts';
import type { ExecutionResult } from './run.ts';

/** There is an execution of this name already, with another input. */
export class ExecutionAlreadyExists extends ConflictError {
    override name = 'ExecutionAlreadyExists';
}

/** Executions and their histories, shared by all processes that use one folder. */
export interface ExecutionStore {
    /**
     * Records an execution as running in this process; of several processes that start one name, one creates it.
     * The same name with an equal input gives the existing execution, whatever became of it (the service does so
     * only while it runs). Throws ExecutionAlreadyExists for the same name with another input, UsageError for a
     * name the service would refuse.
     */
    start(meta: { machine: string; name: string; input: Json }): { created: boolean; execution: ExecutionRecord };
    /** Where an execution's events go; close it before `finish`. */
    log(execution: ExecutionRecord): EventLog;
    finish(execution: ExecutionRecord, result: ExecutionResult): ExecutionRecord;
    /** By id, `machine/name` or name; undefined when there is none. Throws UsageError when a name is ambiguous. */
    get(key: string): ExecutionRecord | undefined;
    /** Newest first. */
    list(filter?: { machine?: string; status?: ExecutionStatus; limit?: number }): ExecutionRecord[];
    /** What happened so far, by the keys of `get`; empty for an unknown execution. */
    events(key: string): HistoryEvent[];
}

/** Names that are file names everywhere and that the service accepts. */
const NAME = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,79}$/;

/**
 * Keeps executions in `<folder>/executions/<machine>/`: `<name>.json` says what and how it went, `<name>.jsonl` is
 * its history. An execution left running by a process that died reads as ABORTED.
 */
export function createExecutionStore(folder: string, clock: Clock = systemClock): ExecutionStore {
    const root = join(folder, 'executions');
    const self = ownIdentity();
    const file = (machine: string, name: string, extension: string) => join(root, machine, `${name}.${extension}`);
    const timestamp = () => new Date(clock.now()).toISOString();

    function read(machine: string, name: string): ExecutionRecord | undefined {
        if (!NAME.test(machine) || !NAME.test(name)) return undefined;
        const text = ifThere(() => readFileSync(file(machine, name, 'json'), 'utf8'));
        return text === undefined ? undefined : asItIs(JSON.parse(text) as ExecutionRecord);
    }

    function machines(): string[] {
        const entries = ifThere(() => readdirSync(root, { withFileTypes: true })) ?? [];
        return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
    }

    function find(key: string): ExecutionRecord | undefined {
        const [machine, name] = key.startsWith('arn:') ? key.split(':').slice(-2) : key.split('/');
        if (machine !== undefined && name !== undefined) return read(machine, name);
        const found = machines().flatMap((each) => read(each, key) ?? []);
        if (found.length <= 1) return found[0];
        const keys = found.map((each) => `${each.machine}/${each.name}`).join(', ');
        throw new UsageError(`'${key}' names several executions; say which: ${keys}`);
    }

    return {
        start({ machine, name, input }) {
            checkName('machine', machine);
            checkName('execution', name);
            const execution = {
                id: arnOf('execution', machine, name),
                machine,
                name,
                input: throughJson(input),
                startedAt: timestamp(),
                status: 'RUNNING',
                process: self,
            } as ExecutionRecord;
            mkdirSync(join(root, machine), { recursive: true });
            if (createWhole(file(machine, name, 'json'), execution)) return { created: true, execution };
            const existing = read(machine, name);
            if (existing && sameJson(existing.input, execution.input)) return { created: false, execution: existing };
            throw new ExecutionAlreadyExists(
                `execution '${name}' of '${machine}' exists with another input; choose another name for this input`,
            );
        },
        log: ({ machine, name }) => openEventLog(file(machine, name, 'jsonl')),
        finish(execution, result) {
            const finished: ExecutionRecord = { ...execution, ...result, stoppedAt: timestamp() };
            replaceWhole(file(execution.machine, execution.name, 'json'), finished);
            return finished;
        },
        get: find,
        list({ machine, status, limit = Infinity } = {}) {
            const all = machines()
                .filter((each) => machine === undefined || each === machine)
                .flatMap((each) => readdirSync(join(root, each)).map((entry) => ({ each, entry })))
                .filter(({ entry }) => entry.endsWith('.json'))
                .flatMap(({ each, entry }) => read(each, entry.slice(0, -'.json'.length)) ?? []);
            return all
                .filter((each) => status === undefined || each.status === status)
                .sort((a, b) => (a.startedAt < b.startedAt ? 1 : a.startedAt > b.startedAt ? -1 : 0))
                .slice(0, limit);
        },
        events(key) {
            const execution = find(key);
            return execution ? readEventLog(file(execution.machine, execution.name, 'jsonl')) : [];
        },
    };
}

function checkName(what: string, name: string): void {
    if (NAME.test(name)) return;
    throw new UsageError(
        `'${name}' cannot name an ${what}: use 1 to 80 letters, digits, hyphens, underscores and dots`,
    );
}

function asItIs(record: ExecutionRecord): ExecutionRecord {
    if (record.status !== 'RUNNING' || isAlive(record.process)) return record;
    return { ...record, status: 'ABORTED', cause: `process ${record.process.pid}, which ran it, is gone` };
}

/** Creates a file with all its content at once; false when there is one already. */
function createWhole(path: string, value: unknown): boolean {
    const draft = writeDraft(path, value);
    try {
        linkSync(draft, path);
        return true;
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
        throw error;
    } finally {
        unlinkSync(draft);
    }
}

function replaceWhole(path: string, value: unknown): void {
    renameSync(writeDraft(path, value), path);
}

let drafts = 0;

function writeDraft(path: string, value: unknown): string {
    const draft = `${path}.${process.pid}-${drafts++}.draft`;
    writeFileSync(draft, JSON.stringify(value));
    return draft;
}

function ifThere<T>(readIt: () => T): T | undefined {
    try {
        return readIt();
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw error;
    }
}
