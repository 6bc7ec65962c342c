import type { ExecutionEvent } from '#core/execution/execution-log.ts';
import type { IsoInstant } from '#core/types.ts';

/** How a state, an iteration or an execution stands. */
export type NodeStatus =
    | 'RUNNING'
    | 'SUCCEEDED'
    /** It failed and a Catch led on. */
    | 'CAUGHT'
    | 'FAILED'
    | 'TIMED_OUT'
    | 'ABORTED';

interface Timed {
    status: NodeStatus;
    readonly startedAt: IsoInstant;
    /** Milliseconds; undefined while it runs, or if its process died. */
    duration: number | undefined;
    error: string | undefined;
    cause: string | undefined;
}

/** One stay in a state. */
export interface StateNode extends Timed {
    readonly name: string;
    /** Task, Map, Choice ... */
    readonly type: string;
    /** What it was given, as JSON text; cut when it was long. */
    readonly input: string | undefined;
    /** 0 when it failed before the first; above 1 there were retries. */
    attempts: number;
    /** Iterations of a Map or branches of a Parallel, those of the last attempt. */
    iterations: IterationNode[];
}

/** One iteration of a Map or one branch of a Parallel, by its number. */
export interface IterationNode extends Timed {
    readonly index: number;
    readonly states: StateNode[];
}

/** An execution as a tree of the states it went through, in the order they were entered. */
export interface ExecutionTree extends Timed {
    readonly states: StateNode[];
}

/** Where in the tree an event stands: the list that the next state of its thread joins, and the state it is in. */
interface Place {
    readonly list: StateNode[];
    readonly node: StateNode | undefined;
    readonly iteration: IterationNode | undefined;
    /** Of the Map or Parallel around. */
    readonly outer: Place | undefined;
    readonly type: string;
}

/** Builds the tree from a history, also from one that stops early. Undefined for an empty history. */
export function executionTree(events: readonly ExecutionEvent[]): ExecutionTree | undefined {
    const first = events[0];
    if (!first) return undefined;
    const tree: ExecutionTree = { ...begun(first), states: [] };
    const root: Place = {
        list: tree.states,
        node: undefined,
        iteration: undefined,
        outer: undefined,
        type: first.type,
    };
    const places = new Map<number, Place>();
    for (const event of events) {
        const previous = places.get(event.previousEventId) ?? root;
        places.set(event.id, { ...place(event, previous, tree), type: event.type });
    }
    return tree;
}

function place(event: ExecutionEvent, previous: Place, tree: ExecutionTree): Place {
    const { type } = event;
    if (type.startsWith('Execution')) return ofExecution(event, previous, tree);
    if (type.endsWith('StateEntered')) return entered(event, previous);
    if (type.startsWith('MapIteration')) return ofIteration(event, previous);
    if (/^(Map|Parallel)StateExited$/.test(type)) return exited(event, around(event, previous));
    if (/^(Map|Parallel)State(Started|Succeeded|Failed)$/.test(type)) return ofGroup(event, previous);
    const { node } = previous;
    if (type.endsWith('StateExited')) return exited(event, previous);
    if (node && type.endsWith('StateAborted')) abort(node, event);
    if (node && type.endsWith('Scheduled')) attempt(node);
    if (node && type.endsWith('Failed')) end(node, event, 'FAILED');
    if (node && type.endsWith('TimedOut')) end(node, event, 'TIMED_OUT');
    return previous;
}

function exited(event: ExecutionEvent, at: Place): Place {
    if (!at.node) return at;
    end(at.node, event, at.node.status === 'RUNNING' ? 'SUCCEEDED' : 'CAUGHT');
    return { ...at, node: undefined };
}

/** What belongs to a Map may follow the last event inside of it, as on LocalStack: the state it names is further out. */
function around({ details }: ExecutionEvent, previous: Place): Place {
    for (let at: Place | undefined = previous; at; at = at.outer) {
        if (at.node?.name === details.name && at.node?.type !== 'Task') return at;
    }
    return previous;
}

function ofExecution(event: ExecutionEvent, previous: Place, tree: ExecutionTree): Place {
    if (event.type === 'ExecutionStarted') return previous;
    const status = ENDS[event.type.slice('Execution'.length)] ?? 'FAILED';
    end(tree, event, status);
    failOpen(previous, event, status);
    return previous;
}

const ENDS: Readonly<Record<string, NodeStatus>> = {
    Succeeded: 'SUCCEEDED',
    Failed: 'FAILED',
    TimedOut: 'TIMED_OUT',
    Aborted: 'ABORTED',
};

function entered(event: ExecutionEvent, previous: Place): Place {
    const node: StateNode = {
        ...begun(event),
        name: event.details.name ?? '',
        type: event.type.slice(0, -'StateEntered'.length),
        input: event.details.input,
        attempts: 0,
        iterations: [],
    };
    if (previous.type !== 'ParallelStateStarted' || !previous.node) {
        previous.list.push(node);
        return { ...previous, node };
    }
    const branch: IterationNode = { ...begun(event), index: previous.node.iterations.length, states: [node] };
    previous.node.iterations.push(branch);
    return { list: branch.states, node, iteration: branch, outer: previous, type: event.type };
}

function ofIteration(event: ExecutionEvent, previous: Place): Place {
    if (event.type === 'MapIterationStarted') {
        const outer = around(event, previous);
        const iteration: IterationNode = { ...begun(event), index: event.details.index ?? 0, states: [] };
        outer.node?.iterations.push(iteration);
        return { list: iteration.states, node: undefined, iteration, outer, type: event.type };
    }
    const status = ENDS[event.type.slice('MapIteration'.length)] ?? 'FAILED';
    failOpen(previous, event, status);
    if (previous.iteration) end(previous.iteration, event, status);
    return previous;
}

/** MapStateSucceeded and its like follow an event inside the last iteration: the state itself is further out. */
function ofGroup(event: ExecutionEvent, previous: Place): Place {
    const type = event.type.startsWith('Map') ? 'Map' : 'Parallel';
    if (event.type.endsWith('Started')) {
        if (previous.node) attempt(previous.node);
        return previous;
    }
    const inside = previous.node?.type === type && previous.type.endsWith('StateStarted') ? previous : previous.outer;
    const node = inside?.node;
    if (!inside || !node) return previous;
    if (event.type.endsWith('Failed')) {
        failOpen(previous, event, 'FAILED');
        end(node, event, 'FAILED');
    }
    if (type === 'Parallel') for (const branch of node.iterations) endBranch(branch, event);
    return inside;
}

function abort(node: StateNode, event: ExecutionEvent): void {
    end(node, event, 'ABORTED');
    if (node.type === 'Parallel') for (const branch of node.iterations) endBranch(branch, event);
}

/** Branches have no events of their own: their last state tells how they ended. */
function endBranch(branch: IterationNode, event: ExecutionEvent): void {
    const last = branch.states.at(-1);
    if (!last) return;
    branch.status = last.status === 'CAUGHT' ? 'SUCCEEDED' : last.status;
    branch.duration = (last.duration ?? since(last, event)) + Date.parse(last.startedAt) - Date.parse(branch.startedAt);
    branch.error = last.status === 'CAUGHT' ? undefined : last.error;
}

/** A state that failed without an event of its own (a Choice without a match, a wrong path) ends with what it ends. */
function failOpen({ node }: Place, event: ExecutionEvent, status: NodeStatus): void {
    if (node?.status === 'RUNNING') end(node, event, status);
}

function begun(event: ExecutionEvent): Timed {
    return { status: 'RUNNING', startedAt: event.timestamp, duration: undefined, error: undefined, cause: undefined };
}

/** A new attempt: how the one before ended is forgotten. */
function attempt(node: StateNode): void {
    node.attempts++;
    node.iterations = [];
    Object.assign(node, { status: 'RUNNING', duration: undefined, error: undefined, cause: undefined });
}

function end(timed: Timed, event: ExecutionEvent, status: NodeStatus): void {
    timed.status = status;
    timed.duration = since(timed, event);
    if (event.details.error !== undefined) timed.error = event.details.error;
    if (event.details.cause !== undefined) timed.cause = event.details.cause;
}

function since(timed: Timed, event: ExecutionEvent): number {
    return Date.parse(event.timestamp) - Date.parse(timed.startedAt);
}
