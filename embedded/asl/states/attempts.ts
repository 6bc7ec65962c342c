import type { Attempted, Catcher, Retrier } from '../definition.ts';
import type { Transition, Visit } from '../execution.ts';
import { answersTo, StateFailure } from '../failure.ts';
import { placeResult } from '../place-result.ts';

/** What the service takes for what a retrier leaves out. */
const DEFAULTS = { IntervalSeconds: 1, MaxAttempts: 3, BackoffRate: 2 };

/**
 * Tries until it succeeds, a failure finds no retrier with attempts left and is caught, or is not caught and thrown.
 * The first retrier that answers to a failure decides; each counts its own attempts.
 */
export async function withRetries(
    state: Attempted,
    visit: Visit,
    once: () => Promise<Transition['output']>,
): Promise<Transition> {
    const { execution, thread } = visit;
    const used = new Map<Retrier, number>();
    for (;;) {
        try {
            return { output: await once(), next: state.Next };
        } catch (error) {
            thread.signal.throwIfAborted();
            if (!(error instanceof StateFailure)) throw error;
            const failure = error.locatedAt(visit.name, visit.enteredEventId);
            const retrier = state.Retry?.find((each) => answersTo(each.ErrorEquals, failure));
            const attempts = retrier ? (used.get(retrier) ?? 0) : 0;
            if (!retrier || attempts >= (retrier.MaxAttempts ?? DEFAULTS.MaxAttempts)) {
                return caught(state, failure, visit);
            }
            used.set(retrier, attempts + 1);
            visit.retryCount++;
            await execution.clock.sleep(delay(retrier, attempts, execution.random.fraction), thread.signal);
        }
    }
}

/** Milliseconds before the retry that follows `attempts` earlier ones; full jitter takes any time up to it. */
function delay(retrier: Retrier, attempts: number, fraction: () => number): number {
    const { IntervalSeconds: first, BackoffRate: rate } = { ...DEFAULTS, ...retrier };
    const seconds = Math.min(first * rate ** attempts, retrier.MaxDelaySeconds ?? Infinity);
    return Math.round(seconds * 1000 * (retrier.JitterStrategy === 'FULL' ? fraction() : 1));
}

function caught(state: Attempted, failure: StateFailure, visit: Visit): Transition {
    const catcher: Catcher | undefined = state.Catch?.find((each) => answersTo(each.ErrorEquals, failure));
    if (!catcher) throw failure;
    const error = { Error: failure.error, Cause: failure.causeText ?? '' };
    return { output: placeResult(catcher.ResultPath, visit.rawInput, error), next: catcher.Next };
}
