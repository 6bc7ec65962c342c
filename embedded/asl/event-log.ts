import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { PipelineError } from '#core/errors.ts';
import type { HistoryEvent, HistorySink } from './history.ts';

/** A history sink that writes to a file and must be closed. */
export interface EventLog extends HistorySink {
    close(): void;
}

/** Events after which somebody may want to look: a task began, a state ended, the execution ended. */
const FLUSH_AFTER = /^(?:TaskStarted|LambdaFunctionStarted|\w+State(?:Exited|Aborted|Failed)|Execution\w+)$/;

/** Opens a file of one event a line for appending. What is written is whole lines, several at once. */
export function openEventLog(path: string): EventLog {
    const file = openSync(path, 'a');
    let lines = '';
    const flush = () => {
        if (lines === '') return;
        writeSync(file, lines);
        lines = '';
    };
    return {
        append(event) {
            lines += `${JSON.stringify(event)}\n`;
            if (FLUSH_AFTER.test(event.type)) flush();
        },
        close() {
            flush();
            closeSync(file);
        },
    };
}

/**
 * The events of a file; none if there is no such file. A last line that a killed process left half-written is
 * ignored. Throws PipelineError when any other line cannot be read.
 */
export function readEventLog(path: string): HistoryEvent[] {
    let text: string;
    try {
        text = readFileSync(path, 'utf8');
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
        throw error;
    }
    const lines = text.split('\n');
    // What follows the last line break is empty, or the torn line.
    lines.pop();
    return lines.map((line, index) => {
        try {
            return JSON.parse(line) as HistoryEvent;
        } catch (cause) {
            throw new PipelineError(
                `line ${index + 1} of ${path} is no event; remove the file to forget this history`,
                {
                    cause,
                },
            );
        }
    });
}
