import type { ExecutionEvent, ExecutionSummary } from '#core/execution/execution-log.ts';
import { sentenceOf } from '#core/status/troubles.ts';
import { executionTree, type IterationNode } from '#embedded/asl/execution-tree.ts';
import { renderTree } from '#embedded/asl/render-tree.ts';
import { counted, duration, minute } from './output/numbers.ts';
import type { Answer } from './output/output.ts';
import { paint } from './output/style.ts';
import { shortened, table } from './output/table.ts';

const LONGEST_CAUSE = 70;
/** Enough to tell executions apart, and to ask for one by. */
const SHOWN_NAME = 16;

/** An execution of this machine or of a deployed pipeline. */
export interface ShownExecution extends Omit<ExecutionSummary, 'machine'> {
    readonly machine: string;
    /** Of no interest to people. */
    readonly process?: unknown;
}

/** Executions, newest first; `subject` says what one is about. */
export function listAnswer<Shown extends ShownExecution>(
    records: readonly Shown[],
    subject: (record: Shown) => string,
): Answer {
    return {
        document: records.map(({ process: _, ...record }) => record),
        lines: [
            ...table(
                [
                    { heading: 'machine' },
                    { heading: 'execution' },
                    { heading: 'of' },
                    { heading: 'state' },
                    { heading: 'started (UTC)' },
                    { heading: 'took', align: 'right' },
                    { heading: 'why' },
                ],
                records.map((record) => [
                    record.machine,
                    record.name.slice(0, SHOWN_NAME),
                    subject(record),
                    stateWord(record.status),
                    minute(record.startedAt),
                    took(record),
                    shortened(sentenceOf(record.cause).replace(/\s+/g, ' '), LONGEST_CAUSE),
                ]),
            ),
            `(${counted(records.length, 'execution')})`,
        ],
    };
}

/** One execution with its states. */
export function treeAnswer(record: ShownExecution, events: readonly ExecutionEvent[]): Answer {
    const { process: _, ...execution } = record;
    const tree = executionTree(events);
    const [first = '', ...rest] = sentenceOf(record.cause).split('\n');
    return {
        document: { ...execution, tree: tree ?? null },
        lines: [
            paint('bold', `${record.machine} ${record.name}`),
            `${stateWord(record.status)}, started ${minute(record.startedAt)} UTC`,
            ...(first === '' ? [] : [`${record.error ?? 'why'}: ${first}`, ...rest.map((line) => `  ${line}`)]),
            '',
            ...(tree ? renderTree(tree, iterationLabel) : ['It has no history.']),
        ],
    };
}

/** An iteration of a build is about a level of models, or one of them. */
export function iterationLabel({ states: [first] }: Pick<IterationNode, 'states'>): string | undefined {
    try {
        const { model, models } = JSON.parse(first?.input ?? '{}') as { model?: unknown; models?: unknown };
        return typeof model === 'string' ? model : Array.isArray(models) ? models.join(', ') : undefined;
    } catch {
        // The history keeps only the beginning of a long input.
        return undefined;
    }
}

function took({ startedAt, stoppedAt }: ShownExecution): string {
    return stoppedAt === undefined ? '' : duration(Date.parse(stoppedAt) - Date.parse(startedAt));
}

function stateWord(status: ShownExecution['status']): string {
    const word = status.toLowerCase().replaceAll('_', ' ');
    if (status === 'SUCCEEDED') return paint('green', word);
    return status === 'RUNNING' ? word : paint('red', word);
}
