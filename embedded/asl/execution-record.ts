import type { IsoInstant } from '#core/types.ts';
import type { ProcessIdentity } from '../process-identity.ts';
import type { Json } from './json.ts';

/** The service's words. */
export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

/** What is known of an execution besides its history. */
export interface ExecutionRecord {
    readonly id: string;
    readonly machine: string;
    readonly name: string;
    readonly input: Json;
    readonly startedAt: IsoInstant;
    readonly status: ExecutionStatus;
    /** Undefined while it runs, and when the process that ran it died. */
    readonly stoppedAt: IsoInstant | undefined;
    readonly output: Json | undefined;
    readonly error: string | undefined;
    readonly cause: string | undefined;
    /** The process that runs it or ran it. */
    readonly process: ProcessIdentity;
}
