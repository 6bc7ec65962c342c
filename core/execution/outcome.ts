import { setTimeout as sleep } from 'node:timers/promises';
import { readRequests } from '../build/requests.ts';
import { TransientError } from '../errors.ts';
import { executionName, type LedgerEntry, ledgerId } from '../ledger/entry.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { ControlStore } from '../store/ports.ts';
import type { ObjectRef } from '../types.ts';
import type { ExecutionLog, ExecutionSummary } from './execution-log.ts';
import type { MachineName } from './executions.ts';

/** What became of one uploaded file. */
export interface IngestOutcome {
    readonly entry: LedgerEntry;
    /** Undefined for a file that was rejected at the door: no contract covers it. */
    readonly execution: ExecutionSummary | undefined;
}

const POLL_MS = 300;
const BUILDS_LOOKED_AT = 100;

/** A pipeline that runs somewhere else. */
export interface Watched {
    readonly ledger: Ledger;
    readonly log: ExecutionLog;
    readonly control: ControlStore;
}

/** Waits until the ingest executions of all objects have ended. Throws TransientError after `patienceMs`. */
export async function untilIngested(
    deployment: Watched,
    objects: readonly ObjectRef[],
    patienceMs: number,
): Promise<IngestOutcome[]> {
    const deadline = Date.now() + patienceMs;
    const outcomes: IngestOutcome[] = [];
    for (const object of objects) {
        const what = `the ingest of ${object.key}`;
        outcomes.push(await until(deadline, what, () => ingestOutcome(deployment, object)));
    }
    return outcomes;
}

/**
 * Waits until every build that was asked for has ended, and returns those that began at `since` (ISO instant) or
 * later, the first one first. A build that failed is not waited for again: its request stays open until the sweeper
 * comes. Throws TransientError after `patienceMs`.
 */
export async function untilBuilt(deployment: Watched, since: string, patienceMs: number): Promise<ExecutionSummary[]> {
    await until(Date.now() + patienceMs, 'the build', async () => {
        const { requested, built, owner } = await readRequests(deployment.control);
        if (owner === undefined) return requested <= built || undefined;
        const execution = await deployment.log.find('build', owner);
        return (execution !== undefined && hasFailed(execution)) || undefined;
    });
    // The build's last function gives the request back a moment before its execution ends.
    return until(Date.now() + patienceMs, 'the end of the build', async () => {
        const builds = await deployment.log.list('build', BUILDS_LOOKED_AT);
        const found = builds.filter(({ startedAt }) => startedAt >= since).reverse();
        return found.every(({ status }) => status !== 'RUNNING') ? found : undefined;
    });
}

/** Waits until an execution has ended. Throws TransientError after `patienceMs`. */
export async function untilEnded(
    { log }: Pick<Watched, 'log'>,
    machine: MachineName,
    name: string,
    patienceMs: number,
): Promise<ExecutionSummary> {
    return until(Date.now() + patienceMs, `the ${machine} ${name}`, async () => {
        const found = await log.find(machine, name);
        return found?.status === 'RUNNING' ? undefined : found;
    });
}

/** Whether an execution ended otherwise than well. */
export function hasFailed({ status }: Pick<ExecutionSummary, 'status'>): boolean {
    return status !== 'RUNNING' && status !== 'SUCCEEDED';
}

async function ingestOutcome({ ledger, log }: Watched, object: ObjectRef): Promise<IngestOutcome | undefined> {
    const entry = await ledger.find(ledgerId(object));
    if (entry === undefined) return undefined;
    const execution = await log.find('ingest', executionName(entry));
    if (execution === undefined) return entry.state === 'rejected' ? { entry, execution } : undefined;
    if (execution.status === 'RUNNING') return undefined;
    return { entry: (await ledger.find(entry.id)) ?? entry, execution };
}

async function until<T>(deadline: number, what: string, look: () => Promise<T | undefined>): Promise<T> {
    for (;;) {
        const found = await look();
        if (found !== undefined) return found;
        if (Date.now() > deadline) {
            throw new TransientError(
                `Waited too long for ${what}. Look at the executions, or wait longer: --patience SECONDS.`,
            );
        }
        await sleep(POLL_MS);
    }
}
