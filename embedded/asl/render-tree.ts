import type { ExecutionTree, IterationNode, NodeStatus, StateNode } from './execution-tree.ts';

const WORDS: Readonly<Record<NodeStatus, string>> = {
    RUNNING: 'running',
    SUCCEEDED: 'ok',
    CAUGHT: 'caught',
    FAILED: 'failed',
    TIMED_OUT: 'timed out',
    ABORTED: 'aborted',
};

/** Characters of a cause that are shown. */
const LONGEST_CAUSE = 100;

/** What to call an iteration; without an answer it is shown by its number. */
export type IterationLabel = (iteration: IterationNode) => string | undefined;

/** The tree as lines for a terminal: one a state, iterations below their Map, failures with error and cause. */
export function renderTree(tree: ExecutionTree, label: IterationLabel = () => undefined): string[] {
    const title = line(WORDS[tree.status], [duration(tree.duration), failure(tree)]);
    return [title, ...branches(tree.states.map((node) => renderState(node, label)))];
}

function renderState(node: StateNode, label: IterationLabel): string[] {
    const count = node.attempts - 1;
    const retries = count > 0 ? `${count} ${count === 1 ? 'retry' : 'retries'}` : '';
    const head = line(node.name, [WORDS[node.status], duration(node.duration), retries, failure(node)]);
    return [head, ...branches(node.iterations.map((iteration) => renderIteration(iteration, label)))];
}

function renderIteration(iteration: IterationNode, label: IterationLabel): string[] {
    const head = line(`[${label(iteration) ?? iteration.index}]`, [
        WORDS[iteration.status],
        duration(iteration.duration),
    ]);
    return [head, ...branches(iteration.states.map((node) => renderState(node, label)))];
}

/** Blocks of lines below one parent. */
function branches(blocks: readonly string[][]): string[] {
    return blocks.flatMap((block, index) => {
        const last = index === blocks.length - 1;
        return block.map((text, row) => {
            if (row === 0) return `${last ? '└─' : '├─'} ${text}`;
            return `${last ? '  ' : '│ '} ${text}`;
        });
    });
}

function line(name: string, parts: readonly string[]): string {
    return [name, ...parts.filter((part) => part !== '')].join('  ');
}

function duration(milliseconds: number | undefined): string {
    if (milliseconds === undefined) return '';
    if (milliseconds < 1000) return `${milliseconds} ms`;
    if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(1)} s`;
    return `${Math.floor(milliseconds / 60_000)} min ${Math.round((milliseconds % 60_000) / 1000)} s`;
}

function failure({ error, cause }: { error: string | undefined; cause: string | undefined }): string {
    if (error === undefined && cause === undefined) return '';
    const message = messageOf(cause ?? '').replace(/\s+/g, ' ');
    const short = message.length > LONGEST_CAUSE ? `${message.slice(0, LONGEST_CAUSE)}...` : message;
    return [error, short].filter((part) => part !== undefined && part !== '').join(': ');
}

/** A function's cause is JSON; its message is what a person wants. */
function messageOf(cause: string): string {
    try {
        const parsed = JSON.parse(cause) as { errorMessage?: unknown } | null;
        return typeof parsed?.errorMessage === 'string' ? parsed.errorMessage : cause;
    } catch {
        return cause;
    }
}
