import { AsyncLocalStorage } from 'node:async_hooks';
import { ThrottledError, TransientError } from '#core/errors.ts';
import { type Fault, TARGETS, type Turn } from './schedule.ts';

/** A process of the pipeline: what runs in it dies with it. */
export interface Process {
    readonly name: string;
    isDead: boolean;
}

/** One strand of work: an invocation of a handler, a delivery, a sweep, an execution. */
export interface Actor {
    readonly name: string;
    readonly process: Process;
    isDead: boolean;
    /** Given up by whoever waited for it, it goes on only after so many calls. */
    sleepsUntil?: number;
    /** Ends the work for whoever waits for it; an execution itself has nobody. */
    readonly end?: ((error: Error) => void) | undefined;
}

/** One call of a port. */
export interface Call {
    readonly number: number;
    readonly actor: Actor;
    readonly what: string;
    readonly fault: Fault | undefined;
}

/** Decides who goes on: every call of a port waits here until it is its turn. */
export interface Turns {
    readonly calls: Call[];
    /** Runs work as an actor; calls made in it, however late, are the actor's. */
    as<T>(actor: Actor, work: () => T): T;
    actor(): Actor;
    /** Waits for its turn, then does what is to be done, unless a fault is due. */
    call<T>(what: string, effect: () => Promise<T>): Promise<T>;
    /** Lets the next call happen, or says that nobody waits who is awake. */
    step(): Promise<boolean>;
    /** What was given up and sleeps goes on now. */
    wake(): void;
    /** From now on nothing goes wrong any more. */
    calm(): void;
}

interface Waiting {
    readonly actor: Actor;
    readonly what: string;
    go(call: Call): void;
}

/** What an invocation that died or took too long looks like to a state machine. */
export function named(name: string): Error {
    return Object.assign(new Error(`chaos: ${name}`), { name });
}

const never = <T>() => new Promise<T>(() => undefined);

/** Turns by a schedule. `elapse` lets what sleeps wake up; it is called before each step. */
export function createTurns(turns: readonly Turn[], faults: readonly Fault[], elapse: () => void): Turns {
    const current = new AsyncLocalStorage<Actor>();
    const waiting: Waiting[] = [];
    const calls: Call[] = [];
    let due = [...faults];
    const counts = { call: 0, write: 0, move: 0 };
    let turn = 0;
    let last: { actor: Actor; left: number } | undefined;
    let mayWake = 0;

    function drop(isGone: (actor: Actor) => boolean): void {
        for (let index = waiting.length - 1; index >= 0; index--) {
            if (isGone((waiting[index] as Waiting).actor)) waiting.splice(index, 1);
        }
    }

    /** The first fault whose target has been called often enough, of those not yet used up. */
    function strikes(what: string): Fault | undefined {
        const hit = due.find(({ target, at }) => TARGETS[target].matches.test(what) && counts[target] === at);
        for (const target of Object.keys(TARGETS) as (keyof typeof TARGETS)[]) {
            if (TARGETS[target].matches.test(what)) counts[target]++;
        }
        return hit;
    }

    const isAwake = ({ actor }: Waiting) => (actor.sleepsUntil ?? 0) <= Math.max(calls.length, mayWake);

    function choose(awake: readonly Waiting[]): Waiting {
        const again = last && last.left > 0 ? awake.find(({ actor }) => actor === last?.actor) : undefined;
        if (again && last) {
            last.left--;
            return again;
        }
        const next = turns.length === 0 ? { actor: 0, calls: Number.POSITIVE_INFINITY } : turns[turn++ % turns.length];
        const actors = [...new Set(awake.map(({ actor }) => actor))];
        const actor = actors[(next as Turn).actor % actors.length] as Actor;
        last = { actor, left: (next as Turn).calls };
        return awake.find((each) => each.actor === actor) as Waiting;
    }

    function kill(actor: Actor, fault: Fault): void {
        if (fault.kind === 'process dies') {
            actor.process.isDead = true;
            drop(({ process }) => process === actor.process);
        } else {
            actor.isDead = true;
            drop((other) => other === actor);
            actor.end?.(named('Lambda.SdkClientException'));
        }
    }

    async function wait<T>(actor: Actor, what: string, effect: () => Promise<T>): Promise<T> {
        if (actor.isDead || actor.process.isDead) return never();
        const call = await new Promise<Call>((go) => waiting.push({ actor, what, go }));
        return suffer(call, effect);
    }

    async function suffer<T>({ actor, what, fault }: Call, effect: () => Promise<T>): Promise<T> {
        if (fault === undefined) return effect();
        switch (fault.kind) {
            case 'throttled':
                throw new ThrottledError(`chaos: slower, please (${what})`);
            case 'not reached':
                throw new TransientError(`chaos: not reached (${what})`);
            case 'answer lost':
                await effect();
                throw new TransientError(`chaos: the answer got lost (${what})`);
            case 'timed out':
                // Nobody waits any more, and nobody told it to stop: it goes on, perhaps much later.
                actor.end?.(named('States.Timeout'));
                actor.sleepsUntil = calls.length + fault.sleep;
                return wait(actor, what, effect);
            default:
                if (fault.after) await effect().catch(() => undefined);
                kill(actor, fault);
                return never();
        }
    }

    return {
        calls,
        as: (actor, work) => current.run(actor, work),
        actor: () => current.getStore() as Actor,
        async call(what, effect) {
            const actor = current.getStore();
            return actor ? wait(actor, what, effect) : effect();
        },
        async step() {
            // Timers of this round come after everything that can go on without waiting.
            await new Promise((settled) => setImmediate(settled));
            elapse();
            await new Promise((settled) => setImmediate(settled));
            const awake = waiting.filter(isAwake);
            if (awake.length === 0) return false;
            const chosen = choose(awake);
            waiting.splice(waiting.indexOf(chosen), 1);
            const number = calls.length;
            const fault = strikes(chosen.what);
            // What nobody waits for can only die with its process.
            const fits = chosen.actor.end !== undefined || fault?.kind === 'process dies';
            const call = { number, actor: chosen.actor, what: chosen.what, fault: fits ? fault : undefined };
            calls.push(call);
            chosen.go(call);
            return true;
        },
        calm() {
            due = [];
        },
        wake() {
            mayWake = Number.POSITIVE_INFINITY;
        },
    };
}
