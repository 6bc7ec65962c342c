import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { PlantedFault } from '#test/support/chaos/planted.ts';
import { type Outcome, runSchedule } from '#test/support/chaos/run.ts';
import { type Schedule, schedules } from '#test/support/chaos/schedule.ts';

const SEED = Number(process.env.CARTLAKE_CHAOS_SEED ?? 20_261_121);
const RUNS = Number(process.env.CARTLAKE_CHAOS_RUNS ?? 1_000);
const PLANTED_RUNS = 200;

/** Wakes what sleeps between two tries to swap a document. */
const elapse = () => void vi.advanceTimersByTime(100);
const expected = new Map<string, Promise<Outcome['state']>>();

/** Each object once, in order, each after the one before has settled. */
async function inOrder(objects: readonly string[]): Promise<Outcome['state']> {
    const deliveries = objects.map((object, index) => ({ object, at: 1_000_000 + index, process: 0 }));
    return (await runSchedule({ deliveries, sweeps: [], turns: [], faults: [] }, elapse)).state;
}

function expectedOf({ deliveries }: Schedule): Promise<Outcome['state']> {
    const objects = [...new Set(deliveries.map(({ object }) => object))].sort();
    const key = objects.join();
    const known = expected.get(key) ?? inOrder(objects);
    expected.set(key, known);
    return known;
}

async function expectAsOnceInOrder(schedule: Schedule, outcome: Outcome): Promise<void> {
    const { violations, state, story } = outcome;
    const wanted = await expectedOf(schedule);
    const isAsWanted = violations.length === 0 && isDeepStrictEqual(state, wanted);
    if (!isAsWanted) expect({ violations, state }, story()).toEqual({ violations: [], state: wanted });
}

beforeAll(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
});
afterAll(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
});

describe('objects delivered once to thrice, in any order, while everything goes wrong', () => {
    it(`leave what one delivery of each in order leaves, over ${RUNS} schedules (seed ${SEED})`, async () => {
        const sums: Record<string, number> = { deliveries: 0, calls: 0 };
        const add = (what: string, count: number) => {
            sums[what] = (sums[what] ?? 0) + count;
        };
        await fc.assert(
            fc.asyncProperty(schedules, async (schedule) => {
                const outcome = await runSchedule(schedule, elapse);
                add('deliveries', outcome.deliveries);
                add('calls', outcome.calls.length);
                for (const { fault } of outcome.calls) if (fault) add(fault.kind, 1);
                await expectAsOnceInOrder(schedule, outcome);
            }),
            { seed: SEED, numRuns: RUNS },
        );
        process.stdout.write(`chaos: ${JSON.stringify({ seed: SEED, schedules: RUNS, ...sums })}\n`);
    }, 900_000);

    it('leaves nothing to chance: the same schedule happens the same way', async () => {
        const [schedule] = fc.sample(schedules, { seed: SEED, numRuns: 1 }) as [Schedule];
        const stories = [await runSchedule(schedule, elapse), await runSchedule(schedule, elapse)].map(({ story }) =>
            // Attempts of builds have places with names of their own.
            story().replaceAll(/(batch=\d+)\/[0-9a-f]{8}/g, '$1/attempt'),
        );

        expect(stories[0]).toBe(stories[1]);
    });

    it.each(['no conditional put', 'publish without its log', 'promote before check'] as const)(
        `is seen to fail within ${PLANTED_RUNS} schedules with a planted fault: %s`,
        async (fault: PlantedFault) => {
            const property = fc.asyncProperty(schedules, async (schedule) => {
                await expectAsOnceInOrder(schedule, await runSchedule(schedule, elapse, fault));
            });
            const { failed, numRuns, errorInstance } = await fc.check(property, {
                seed: SEED,
                numRuns: PLANTED_RUNS,
                endOnFailure: true,
            });

            expect(failed).toBe(true);
            expect(String(errorInstance)).toContain('What happened:');
            process.stdout.write(`chaos: ${fault} was found at schedule ${numRuns}\n`);
        },
        60_000,
    );
});
