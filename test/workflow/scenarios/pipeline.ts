import type { Catalog } from '#core/catalog/catalog.ts';
import type { ExecutionLog } from '#core/execution/execution-log.ts';
import type { ExecutionStatus } from '#core/execution/executions.ts';
import type { LedgerEntry } from '#core/ledger/entry.ts';
import type { Sweep } from '#core/ledger/sweep.ts';
import type { ObjectRef } from '#core/types.ts';

/**
 * How one call of a stage goes wrong. `crash-before`: its process dies before it does anything; `crash-during`: it is
 * killed in the middle of its work; `crash-after`: it dies when the work is done and nobody has heard of it; `timeout`
 * and `throttle`: what Lambda itself says.
 */
export type Fault = 'crash-before' | 'crash-during' | 'crash-after' | 'timeout' | 'throttle';

/** A call of a stage that stands still. */
export interface Held {
    /** Resolves when the call has begun. */
    readonly reached: Promise<void>;
    release(): Promise<void>;
}

/** A running pipeline, wherever it runs, as scenarios use it. */
export interface Pipeline {
    /** Uploads a file; the pipeline hears of it as it does of every file. */
    land(key: string, text: string): Promise<ObjectRef>;
    /** Uploads a file whose event is still under way: `deliver` brings it. */
    landUnheard(key: string, text: string): Promise<ObjectRef>;
    /** Delivers an object's event, once more or for the first time. */
    deliver(object: ObjectRef): Promise<void>;
    /** The next calls of a stage go wrong, one after the other. */
    fail(stage: string, ...faults: readonly Fault[]): Promise<void>;
    /** The next call of a stage stands still. */
    hold(stage: string): Promise<Held>;
    sweep(): Promise<Sweep>;
    /** Has objects read again, and waits for the end of that; how it ended. */
    replay(entries: readonly LedgerEntry[]): Promise<ExecutionStatus | undefined>;
    /** Waits until the ingests of objects are over, whatever became of them. */
    ingested(objects: readonly ObjectRef[]): Promise<LedgerEntry[]>;
    /** Waits until every build that was asked for is over, or has failed. */
    built(): Promise<void>;
    /** Events that nobody has taken yet, and those that were given up. */
    waiting(): Promise<{ readonly arrivals: number; readonly deadLetters: number }>;
    readonly log: ExecutionLog;
    entries(): Promise<LedgerEntry[]>;
    /** Number of rows and a hash of all of them, by table in PostgreSQL. */
    marts(): Promise<Record<string, string>>;
    /** Hash of the rows of each table that readers see, of those that are the same wherever they were built. */
    tables(): Promise<Record<string, string>>;
    readonly catalog: Catalog;
}
