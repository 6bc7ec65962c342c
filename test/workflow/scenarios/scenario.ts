import { executionName, type LedgerEntry } from '#core/ledger/entry.ts';
import { historyOf } from './history.ts';
import type { Pipeline } from './pipeline.ts';

/** Something that happens to a pipeline. Each begins with what the ones before it left. */
export interface Scenario {
    readonly name: string;
    /** Throws when something does not hold that must hold everywhere. */
    run(pipeline: Pipeline): Promise<void>;
    /** How many builds share several files depends on the machine's speed: they are not compared. */
    readonly anyBuilds?: true;
}

/** What a scenario left, to be compared between runtimes. */
export interface Observation {
    /** States of the ledger by key of the object, the versions in the order of their arrival. */
    readonly ledger: Readonly<Record<string, readonly string[]>>;
    /** Histories by key of the object: one for each attempt of each version that this scenario brought. */
    readonly ingests: Readonly<Record<string, readonly (readonly string[])[]>>;
    /** Histories of the builds of this scenario, the first one first. */
    readonly builds: readonly (readonly string[])[] | undefined;
    readonly marts: Readonly<Record<string, string>>;
    readonly tables: Readonly<Record<string, string>>;
}

/** Runs a scenario and tells what it left. */
export async function observe(pipeline: Pipeline, scenario: Scenario): Promise<Observation> {
    const before = new Set((await allExecutions(pipeline)).map(({ machine, name }) => `${machine}/${name}`));
    await scenario.run(pipeline);
    const fresh = (await allExecutions(pipeline)).filter(({ machine, name }) => !before.has(`${machine}/${name}`));
    const entries = (await pipeline.entries()).sort((a, b) => (a.receivedAt < b.receivedAt ? -1 : 1));
    const ingests: Record<string, string[][]> = {};
    for (const entry of entries) {
        for (let attempt = 1; attempt <= entry.attempt; attempt++) {
            const name = executionName({ id: entry.id, attempt });
            if (!fresh.some((execution) => execution.name === name)) continue;
            ingests[entry.object.key] ??= [];
            ingests[entry.object.key]?.push(historyOf(await pipeline.log.events('ingest', name)));
        }
    }
    const builds: string[][] = [];
    for (const { machine, name } of fresh) {
        if (machine === 'build') builds.push(historyOf(await pipeline.log.events('build', name)));
    }
    return {
        ledger: statesByKey(entries),
        ingests,
        builds: scenario.anyBuilds ? undefined : builds,
        marts: await pipeline.marts(),
        tables: await pipeline.tables(),
    };
}

const MOST = 1_000;

/** The first one first. */
async function allExecutions({ log }: Pipeline) {
    const found = [...(await log.list('ingest', MOST)), ...(await log.list('build', MOST))];
    return found.sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1));
}

function statesByKey(entries: readonly LedgerEntry[]): Record<string, string[]> {
    const states: Record<string, string[]> = {};
    for (const { object, state } of entries) {
        states[object.key] ??= [];
        states[object.key]?.push(state);
    }
    return states;
}
