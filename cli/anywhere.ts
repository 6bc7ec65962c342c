import type { StepContext } from '#core/build/steps.ts';
import type { ExecutionSummary } from '#core/execution/execution-log.ts';
import type { IngestContext } from '#core/pipeline.ts';
import type { ObjectRef } from '#core/types.ts';
import type { OldFiles } from '#core/vacuum/ports.ts';
import type { Project } from '#embedded/project.ts';
import type { BuildOutcome } from './build-outcome.ts';
import type { Globals } from './globals.ts';
import type { LakeUse } from './lake.ts';

/** What commands need of a lake wherever it is: its stores, an engine in this process, and its executions. */
export type LakeContext = StepContext & Pick<IngestContext, 'contracts' | 'landing'>;

/** How an execution ended. */
export type ExecutionEnd = Pick<ExecutionSummary, 'status' | 'error' | 'cause'>;

/** A lake in a folder, with the pipeline in this process, or the lake of a deployed pipeline: commands do the same to both. */
export interface AnyLake {
    readonly context: LakeContext;
    readonly project: Project;
    /** Its blobs by age. */
    readonly files: OldFiles;
    /** A folder of this machine for data that does not fit in memory. */
    readonly temporary: string;
    /** Where a blob can be seen: `file://` or `s3://`. */
    addressOf(key: string): string;
    /** Tells the pipeline of landed objects, where it does not hear of them by itself. */
    deliver(objects: readonly ObjectRef[]): Promise<void>;
    /** Takes up what earlier processes left, where no sweeper comes by itself. */
    sweep(): Promise<void>;
    /** Removes scratch files that killed processes left in it. Returns how many. */
    tidy(): Promise<number>;
    /** Waits for the ingest of objects, and in a folder for everything that runs. */
    settle(objects?: readonly ObjectRef[]): Promise<void>;
    /** Waits for an execution of the replay machine, and in a folder for everything that runs. */
    untilReplayed(name: string): Promise<ExecutionEnd>;
    /** Remembers how tables are now; the function it returns waits for the builds and tells what has changed since. */
    watchBuilds(): Promise<() => Promise<BuildOutcome>>;
}

export interface AnyLakeUse extends LakeUse {
    /** How long to wait for a deployed pipeline, in seconds. @default 600 */
    readonly patience?: number | undefined;
}

/** Opens the lake a call is about, lets `work` use it, and closes it however that ends. */
export async function useAnyLake<T>(
    globals: Globals,
    use: AnyLakeUse,
    work: (lake: AnyLake) => Promise<T>,
): Promise<T> {
    if (globals.target) {
        const { useDeployedLake } = await import('./deployed/lake.ts');
        return useDeployedLake(globals.target, { memory: globals.memory, patience: use.patience }, work);
    }
    const { useFolderLake } = await import('./folder-lake.ts');
    return useFolderLake(globals, use, work);
}
