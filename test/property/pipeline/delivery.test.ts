import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { finishBuild, readRequests, requireOwner } from '#core/build/requests.ts';
import { markObjectsBuilt, runFiles } from '#core/build/run.ts';
import { admit } from '#core/ingest/admit.ts';
import { register } from '#core/ingest/register.ts';
import { createLedger } from '#core/ledger/ledger.ts';
import { sweep } from '#core/ledger/sweep.ts';
import { objectsOf } from '#core/registry/registry.ts';
import type { ObjectRef } from '#core/types.ts';
import { aContract, anObject, aStagedObject, contractsOf } from '#test/support/builders.ts';
import { createFakeExecutions } from '#test/support/fakes/executions.ts';
import { createMemoryBlobs } from '#test/support/fakes/memory-blobs.ts';
import { createMemoryControl } from '#test/support/fakes/memory-control.ts';

class Killed extends Error {}

const OBJECTS: readonly ObjectRef[] = ['a', 'b', 'c'].map((version) => anObject({ version }));

/** A pipeline whose executions a test runs by hand, and whose process dies at chosen writes. */
function aWorld() {
    const control = createMemoryControl();
    const blobs = createMemoryBlobs();
    const executions = createFakeExecutions();
    const now = () => '2026-01-01T00:00:00.000Z';
    const context = {
        contracts: contractsOf(aContract()),
        control,
        blobs,
        executions,
        ledger: createLedger(control, now),
        now,
        landing: { head: async () => ({ size: 1, landedAt: now() }), land: never, open: never },
    };
    const running = () => executions.started.filter((key) => !ended.has(key));
    const ended = new Set<string>();

    /** Lets one execution do its work. It ends as ABORTED when its process dies meanwhile. */
    async function work(key: string): Promise<void> {
        const [machine, name = ''] = key.split('/');
        ended.add(key);
        try {
            if (machine === 'ingest') await ingest(name);
            else await build(name);
            executions.end(key, 'SUCCEEDED');
        } catch (error) {
            executions.end(key, 'ABORTED');
            if (!(error instanceof Killed)) throw error;
        }
    }

    async function ingest(name: string): Promise<void> {
        const id = name.slice(0, name.lastIndexOf('-'));
        const summaryKey = `staging/${id}.json`;
        const staged = aStagedObject({ '2026-01-31': 1, '2026-02-01': 2 });
        await blobs.putText(summaryKey, JSON.stringify(staged));
        await register(context, id, summaryKey);
    }

    async function build(name: string): Promise<void> {
        const requests = await requireOwner(control, name).catch(() => undefined);
        if (!requests) return;
        const files = runFiles(blobs, control, name);
        await files.freeze(['orders']);
        await markObjectsBuilt(context.ledger, files, ['orders'], name);
        await finishBuild(context, name, requests.requested);
    }

    return { context, running, work, ended };
}

async function never(): Promise<never> {
    throw new Error('not part of this test');
}

type Step =
    | { readonly kind: 'deliver'; readonly object: number }
    | { readonly kind: 'work'; readonly choice: number }
    | { readonly kind: 'sweep' }
    | { readonly kind: 'kill'; readonly after: number };

const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('deliver' as const), object: fc.nat(OBJECTS.length - 1) }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('work' as const), choice: fc.nat(10) }) },
    fc.record({ kind: fc.constant('sweep' as const) }),
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('kill' as const), after: fc.nat(6) }) },
);

describe('deliveries repeated and out of order, and processes that die at any write', () => {
    it('end with every delivered object built once and nobody waiting, after a last sweep', async () => {
        await fc.assert(
            fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 40 }), async (steps) => {
                const { context, running, work } = aWorld();
                const delivered = new Set<number>();
                const failed = new Set<number>();
                const survive = (doing: Promise<unknown>) =>
                    doing.catch((error: unknown) => {
                        if (!(error instanceof Killed)) throw error;
                    });
                for (const each of steps) {
                    if (each.kind === 'deliver') {
                        delivered.add(each.object);
                        failed.add(each.object);
                        const admitting = admit(context, OBJECTS[each.object] as ObjectRef);
                        await survive(admitting.then(() => failed.delete(each.object)));
                    } else if (each.kind === 'work') {
                        const keys = running();
                        const key = keys[each.choice % Math.max(keys.length, 1)];
                        if (key) await work(key);
                    } else if (each.kind === 'sweep') {
                        await survive(sweep(context));
                    } else {
                        let left = each.after;
                        context.control.beforeWrite = () => {
                            if (left-- > 0) return;
                            context.control.beforeWrite = () => undefined;
                            throw new Killed();
                        };
                    }
                }
                context.control.beforeWrite = () => undefined;

                // The queue delivers again what failed; then everything settles.
                for (const object of failed) await admit(context, OBJECTS[object] as ObjectRef);
                for (let round = 0; round < 30; round++) {
                    for (const key of running()) await work(key);
                    await sweep(context);
                    if (running().length === 0) break;
                }

                const states: string[] = [];
                for await (const { state } of context.ledger.all()) states.push(state);
                expect(states).toEqual(Array(delivered.size).fill('built'));
                expect(await objectsOf(context.control, 'orders')).toHaveLength(delivered.size);
                expect(await context.ledger.open()).toEqual([]);
                const { requested, built, owner } = await readRequests(context.control);
                expect({ isDone: requested <= built, owner }).toEqual({ isDone: true, owner: undefined });
            }),
            { numRuns: 150 },
        );
    });
});
