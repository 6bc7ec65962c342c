import fc from 'fast-check';
import { OBJECTS } from './objects.ts';

/** Who goes on, and for how many calls. */
export interface Turn {
    readonly actor: number;
    readonly calls: number;
}

export const FAULTS = ['throttled', 'not reached', 'answer lost', 'timed out', 'handler dies', 'process dies'] as const;

/** Which calls a fault counts: all, those that change something, or those that move what everybody looks at. */
export const TARGETS = {
    call: { matches: /./, most: 600 },
    write: { matches: /create|replace|remove|put|start|publish /, most: 200 },
    move: { matches: /(create|replace) control.(catalog|build-requests|published|registry)|publish /, most: 40 },
} as const;

/** What goes wrong at the nth call of its target. */
export interface Fault {
    readonly target: keyof typeof TARGETS;
    readonly at: number;
    readonly kind: (typeof FAULTS)[number];
    /** For a death: after the call took effect. */
    readonly after: boolean;
    /** For a timeout: so many calls later what was given up goes on. */
    readonly sleep: number;
}

/** One object brought to one of two processes, once so many calls were made. */
export interface Delivery {
    readonly object: string;
    readonly at: number;
    readonly process: number;
}

export interface Schedule {
    readonly deliveries: readonly Delivery[];
    readonly sweeps: readonly { readonly at: number; readonly process: number }[];
    readonly turns: readonly Turn[];
    readonly faults: readonly Fault[];
}

const moment = fc.nat(TARGETS.call.most);
const process = fc.nat(1);

const targets = Object.keys(TARGETS) as (keyof typeof TARGETS)[];
const faultOn = (target: keyof typeof TARGETS) =>
    fc.record({
        target: fc.constant(target),
        at: fc.nat(TARGETS[target].most),
        kind: fc.constantFrom(...FAULTS),
        after: fc.boolean(),
        sleep: moment,
    });

/** What fails a check for good leaves the last version that passed, and which one that is depends on the order. */
const isWhole = (names: readonly string[]) => names.includes('payments-1') === names.includes('payments-2');

/** Each object one to three times, at any moments. */
const deliveries = fc
    .subarray(Object.keys(OBJECTS), { minLength: 1 })
    .filter(isWhole)
    .chain((names) =>
        fc.tuple(
            ...names.map((object) =>
                fc.array(fc.record({ object: fc.constant(object), at: moment, process }), {
                    minLength: 1,
                    maxLength: 3,
                }),
            ),
        ),
    )
    .map((each) => each.flat());

/** Schedules that shrink to few deliveries, one after the other, with few faults. */
export const schedules: fc.Arbitrary<Schedule> = fc
    .record({
        deliveries,
        sweeps: fc.array(fc.record({ at: moment, process }), { maxLength: 4, size: 'max' }),
        turns: fc.array(fc.record({ actor: fc.nat(5), calls: fc.integer({ min: 0, max: 12 }) }), {
            maxLength: 24,
            size: 'max',
        }),
        faults: fc.array(fc.oneof(...targets.map(faultOn)), { maxLength: 10, size: 'max' }),
    })
    .map((schedule) => Object.assign(schedule, { [fc.toStringMethod]: () => linesOf(schedule).join('\n') }));

/** A schedule as lines that people read. */
export function linesOf({ deliveries: brought, sweeps, turns, faults }: Schedule): string[] {
    const lines = [
        ...brought.map(({ object, at, process: to }) => ({ at, text: `${object} is delivered to process ${to + 1}` })),
        ...sweeps.map(({ at, process: by }) => ({ at, text: `process ${by + 1} sweeps` })),
    ];
    const order = turns.map(({ actor, calls }) => `${actor}x${calls + 1}`);
    return [
        '',
        ...lines.sort((a, b) => a.at - b.at).map(({ at, text }) => `  after ${at} calls: ${text}`),
        ...faults.map((fault) => `  at ${fault.target} ${fault.at}: ${textOf(fault)}`),
        `  turns: ${order.join(' ') || 'each in one go'}`,
    ];
}

/** A fault in words. */
export function textOf({ kind, after, sleep }: Fault): string {
    if (kind === 'timed out') return `timed out, goes on after ${sleep} calls`;
    return kind.endsWith('dies') && after ? `${kind}, after the call` : kind;
}
