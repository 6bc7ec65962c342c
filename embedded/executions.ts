import type { Executions, MachineName } from '#core/execution/executions.ts';
import type { Clock } from './asl/clock.ts';
import type { ObjectReader, TaskResolver } from './asl/execution.ts';
import type { ExecutionStore } from './asl/execution-store.ts';
import type { Json } from './asl/json.ts';
import type { Machine } from './asl/load.ts';
import { startExecution } from './asl/start-execution.ts';
import { turnsOf } from './turns.ts';

/** Executions of this process: they run as soon as they are started, builds once no ingest runs. */
export interface EmbeddedExecutions extends Executions {
    /** Does something during which files arrive: as while one is ingested, no build begins. */
    during<T>(work: () => Promise<T>): Promise<T>;
    /** Resolves when a file that arrives now is the next to be taken in. */
    room(): Promise<void>;
    /** Resolves when nothing that was started here runs any more. */
    idle(): Promise<void>;
}

export interface ExecutionsOptions {
    readonly store: ExecutionStore;
    readonly machineOf: (name: MachineName) => Machine;
    readonly tasks: TaskResolver;
    /** Reads the lists of replays. */
    readonly readObject?: ObjectReader | undefined;
    readonly clock: Clock;
    /** Builds that are asked for stay requests; another process does them. */
    readonly holdBuilds?: boolean | undefined;
    /** Called when a build waits for a last few files. */
    readonly onLastFiles?: (() => void) | undefined;
}

/** Enough that one is read while another is unpacked. */
const MOST_INGESTS = 4;

/** So few that not all processors are busy with them. */
const LAST_INGESTS = 2;

export function createExecutions(options: ExecutionsOptions): EmbeddedExecutions {
    const { store, machineOf, tasks, readObject, clock, holdBuilds, onLastFiles } = options;
    const running: Record<MachineName, Set<Promise<unknown>>> = {
        ingest: new Set(),
        build: new Set(),
        replay: new Set(),
    };
    // Of many files that arrive together a few are read at a time: unpacked copies lie on the disk meanwhile.
    const ingestTurns = turnsOf(MOST_INGESTS);
    /** Builds that were started and wait for their turn. */
    const waiting = new Set<string>();

    /** Executions of this process whose end could not be written down, because the disk was full. */
    const unrecorded = new Set<string>();

    function track(machine: MachineName, name: string, work: Promise<unknown>): void {
        const quiet = work
            .catch(() => unrecorded.add(`${machine}/${name}`))
            .finally(() => {
                running[machine].delete(quiet);
                const left = running.ingest.size;
                if (waiting.size > 0 && left > 0 && left <= LAST_INGESTS) onLastFiles?.();
            });
        running[machine].add(quiet);
    }

    const run = (machine: MachineName, name: string, input: Json) =>
        startExecution(store, {
            machine: machineOf(machine),
            name,
            input,
            tasks,
            readObject,
            clock,
            begin: machine === 'ingest' ? ingestTurns.take : undefined,
        }).done;

    async function afterIngest(name: string, input: Json): Promise<void> {
        waiting.add(name);
        while (running.ingest.size > 0) await Promise.all(running.ingest);
        // It no longer waits even if it cannot begin.
        const done = (async () => run('build', name, input))();
        waiting.delete(name);
        await done;
    }

    return {
        async start(machine, name, input) {
            if (machine === 'build' && holdBuilds) return;
            // A machine that cannot be run says so here, also where it has to wait.
            machineOf(machine);
            // Files that arrive together share one build: it waits for the ingest that is under way.
            track(
                machine,
                name,
                machine === 'build' ? afterIngest(name, input as Json) : run(machine, name, input as Json),
            );
        },
        async status(machine, name) {
            if (machine === 'build' && waiting.has(name)) return 'RUNNING';
            const status = store.get(`${machine}/${name}`)?.status;
            return status === 'RUNNING' && unrecorded.has(`${machine}/${name}`) ? 'ABORTED' : status;
        },
        during(work) {
            const done = work();
            const quiet = done.catch(() => undefined).finally(() => running.ingest.delete(quiet));
            running.ingest.add(quiet);
            return done;
        },
        room: ingestTurns.unclaimed,
        async idle() {
            const all = () => Object.values(running).flatMap((each) => [...each]);
            while (all().length > 0) await Promise.all(all());
        },
    };
}
