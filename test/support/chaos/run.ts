import { isDeepStrictEqual } from 'node:util';
import { readRequests } from '#core/build/requests.ts';
import { totalsOf } from '#core/ledger/totals.ts';
import type { PlantedFault } from './planted.ts';
import type { Schedule } from './schedule.ts';
import { storyOf } from './story.ts';
import { type Actor, type Call, createTurns, type Process } from './turns.ts';
import { rowsOfVersion } from './watch.ts';
import { createWorld, type World } from './world.ts';

/** What a schedule came to. */
export interface Outcome {
    /** Everything a person can ask of the lake once it has settled. */
    readonly state: Readonly<Record<string, unknown>>;
    /** What readers saw and must never see. */
    readonly violations: readonly string[];
    readonly calls: readonly Call[];
    /** What happened, as lines. */
    readonly story: () => string;
    readonly deliveries: number;
}

const MOST_ROUNDS = 40;
const ENDLESS_CALLS = 6_000;

/** Runs a schedule until everything has settled. `elapse` wakes what sleeps. */
export async function runSchedule(schedule: Schedule, elapse: () => void, fault?: PlantedFault): Promise<Outcome> {
    const turns = createTurns(schedule.turns, schedule.faults, elapse);
    const world = await createWorld(turns, fault);
    let born = 0;
    const newProcess = (number: number): Process => ({ name: `process ${number}.${++born}`, isDead: false });
    const processes: Process[] = [newProcess(1), newProcess(2)];
    const owed = new Set<string>();
    let deliveries = 0;

    function living(index: number): Process {
        if (processes[index]?.isDead) processes[index] = newProcess(index + 1);
        return processes[index] as Process;
    }

    function begin(name: string, index: number, work: () => Promise<void>): void {
        const process = living(index);
        const actor: Actor = { name: `${process.name} ${name}`, process, isDead: false, end: () => undefined };
        turns.as(actor, work).catch(() => undefined);
    }

    function deliver(object: string, index: number): void {
        deliveries++;
        owed.add(object);
        begin(`admit ${object}`, index, async () => {
            if (await world.deliver(object)) owed.delete(object);
        });
    }

    async function untilCalled(): Promise<boolean> {
        if (turns.calls.length > ENDLESS_CALLS) throw new Error(`Never comes to rest.\n${story()}`);
        return turns.step();
    }

    const sweep = (index: number) => begin('sweep', index, async () => void (await world.sweep()));
    const story = () => storyOf(schedule, turns.calls);
    const events = [
        ...schedule.deliveries.map(({ at, object, process }) => ({ at, begin: () => deliver(object, process) })),
        ...schedule.sweeps.map(({ at, process }) => ({ at, begin: () => sweep(process) })),
    ].sort((a, b) => a.at - b.at);
    for (;;) {
        while ((events[0]?.at ?? Number.POSITIVE_INFINITY) <= turns.calls.length) events.shift()?.begin();
        if (await untilCalled()) continue;
        if (events.length === 0) break;
        events.shift()?.begin();
    }

    async function untilIdle(): Promise<void> {
        while (await untilCalled());
    }

    /** The queue delivers again what was never taken, and sweeps go on as ever. */
    async function settle(): Promise<void> {
        for (let round = 0; round < MOST_ROUNDS; round++) {
            for (const object of owed) deliver(object, 0);
            sweep(round % 2);
            await untilIdle();
            if (owed.size === 0 && (await isQuiet(world))) break;
        }
    }

    turns.calm();
    await settle();
    // What was given up long ago may still write when all is done.
    turns.wake();
    await untilIdle();
    await settle();
    return {
        state: await stateOf(world),
        violations: world.violations,
        calls: turns.calls,
        story,
        deliveries,
    };
}

async function isQuiet({ stores, ledger }: World): Promise<boolean> {
    const { requested, built } = await readRequests(stores.control);
    return requested <= built && (await ledger.open()).length === 0;
}

/** Marts, published rows, quarantine and ledger, without what may differ: names of runs, attempts, times. */
async function stateOf({ stores, ledger, catalog, violations }: World): Promise<Record<string, unknown>> {
    const state: Record<string, unknown> = {};
    const { requested, built, owner } = await readRequests(stores.control);
    state.builds = { isDone: requested <= built, owner };
    state.open = await ledger.open();
    for (const model of ['fct_events', 'daily', 'by_product', 'balance']) {
        const version = await catalog.current(model);
        const { rows, faults } = version ? rowsOfVersion(stores, version) : { rows: [], faults: [] };
        violations.push(...faults);
        state[`mart ${model}`] = { content: version?.content, rows };
    }
    for (const [table, { version, rows }] of stores.publisher.marts) {
        state[`published ${table}`] = { version, rows: [...rows.values()].sort() };
    }
    state.totals = asJson(await ledger.totals());
    // The totals kept beside the ledger are those of its entries.
    const sums = asJson(totalsOf(await Array.fromAsync(ledger.all())));
    if (!isDeepStrictEqual(state.totals, sums))
        violations.push(`totals: ${JSON.stringify({ kept: state.totals, sums })}`);
    for await (const { id, object, dataset, state: at, staged, reason } of ledger.all()) {
        state[`object ${object.key}`] = { id, dataset, at, staged, ...(at === 'rejected' ? { reason } : {}) };
        if (staged?.quarantine === undefined) continue;
        state[`quarantine ${object.key}`] = stores.blobs.files.get(staged.quarantine)?.toString();
    }
    return state;
}

/** A document as it comes back from a store. */
function asJson(value: unknown): unknown {
    return JSON.parse(JSON.stringify(value));
}
