import type { ExecutionEvent } from '#core/execution/execution-log.ts';

/** What went wrong in a state stands between the states. */
const FAILURES = new Set(['TaskFailed', 'TaskTimedOut', 'LambdaFunctionFailed', 'LambdaFunctionTimedOut']);
/** How long a build waits for files depends on how quickly they come. */
const WAITING = ['IsPlanned', 'WaitForFiles', 'Plan'];

/**
 * The states an execution went through and the errors it met, comparable between runtimes: what iterations did side
 * by side is sorted, waiting for files is left out.
 */
export function historyOf(events: readonly ExecutionEvent[]): string[] {
    const steps: string[] = [];
    let parallel: string[] | undefined;
    let depth = 0;
    for (const { type, details } of events) {
        const step = stepOf(type, details);
        if (type === 'MapStateExited' && --depth === 0) {
            steps.push(...(parallel ?? []).sort());
            parallel = undefined;
        }
        if (step !== undefined) (parallel ?? steps).push(step);
        if (type === 'MapStateEntered' && depth++ === 0) parallel = [];
    }
    return withoutWaiting([...steps, ...(parallel ?? []).sort()]);
}

function stepOf(type: string, { name, error }: ExecutionEvent['details']): string | undefined {
    if (type.endsWith('StateEntered')) return name;
    return FAILURES.has(type) ? `failed: ${error}` : undefined;
}

function withoutWaiting(steps: readonly string[]): string[] {
    const kept: string[] = [];
    for (let at = 0; at < steps.length; ) {
        const waits = WAITING.every((step, offset) => steps[at + offset] === step);
        if (!waits) kept.push(steps[at] as string);
        at += waits ? WAITING.length : 1;
    }
    return kept;
}
