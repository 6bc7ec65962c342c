import { readRequests } from '../build/requests.ts';
import { runFiles } from '../build/run.ts';
import type { StepContext } from '../build/steps.ts';
import { executionName, type LedgerEntry } from '../ledger/entry.ts';
import { type DatasetStatus, datasetStatuses } from './datasets.ts';
import { type TableStatus, tableStatuses } from './tables.ts';
import { type LastBuild, type Trouble, troublesOf } from './troubles.ts';

/** All that people ask of a lake at once. */
export interface LakeStatus {
    readonly datasets: readonly DatasetStatus[];
    readonly tables: readonly TableStatus[];
    /** Builds asked for that nobody has done yet, and the execution that does them now. */
    readonly builds: { readonly open: number; readonly running: string | undefined };
    readonly troubles: readonly Trouble[];
}

type StatusContext = Pick<
    StepContext,
    'contracts' | 'graph' | 'catalog' | 'blobs' | 'control' | 'ledger' | 'executions'
>;

/** Reads the state of a lake; `lastBuild` is its last finished build execution, if there was one. */
export async function lakeStatus(context: StatusContext, lastBuild: LastBuild | undefined): Promise<LakeStatus> {
    const entries = [...(await context.ledger.rejected()), ...(await context.ledger.unfinished())];
    const { requested, built, owner } = await readRequests(context.control);
    const halted = lastBuild && (await runFiles(context.blobs, context.control, lastBuild.name).halted());
    const tables = await tableStatuses(context);
    const isRunning = owner !== undefined && (await context.executions.status('build', owner)) === 'RUNNING';
    const open = requested - built;
    return {
        datasets: datasetStatuses(await context.ledger.totals(), context.contracts.keys()),
        tables,
        builds: { open, running: isRunning ? owner : undefined },
        troubles: troublesOf({
            entries: await resting(context, entries.sort(byArrival)),
            tables,
            lastBuild,
            halted: halted ?? [],
            open: isRunning ? 0 : open,
        }),
    };
}

function byArrival(a: LedgerEntry, b: LedgerEntry): number {
    return `${a.receivedAt} ${a.object.key}` < `${b.receivedAt} ${b.object.key}` ? -1 : 1;
}

/** Entries without those that are being read right now: nothing is wrong with them. */
async function resting({ executions }: StatusContext, entries: readonly LedgerEntry[]): Promise<LedgerEntry[]> {
    const rest: LedgerEntry[] = [];
    for (const entry of entries) {
        const isUnderWay =
            entry.state === 'received' && (await executions.status('ingest', executionName(entry))) === 'RUNNING';
        if (!isUnderWay) rest.push(entry);
    }
    return rest;
}
