import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { CommanderError } from 'commander';
import { coerceError, PipelineError, UsageError } from '#core/errors.ts';
import { paintError } from './output/style.ts';

/** How an error is told: lines for standard error, and the exit code. */
export interface Failure {
    readonly lines: readonly string[];
    readonly code: 0 | 1 | 2;
}

/** 2: the command, a file of the project or the configuration is wrong; 1: it went wrong; never a stack unasked. */
export function failureOf(thrown: unknown, lake: string, debug: boolean): Failure {
    // Commander has said what is wrong itself.
    if (thrown instanceof CommanderError) return { lines: [], code: thrown.exitCode === 0 ? 0 : 2 };
    const error = coerceError(thrown);
    const stack = debug && error.stack !== undefined ? [error.stack, ...causes(error)] : [];
    if (error instanceof PipelineError) {
        return { lines: [error.message, ...stack], code: error instanceof UsageError ? 2 : 1 };
    }
    const log = join(lake, 'logs');
    const where = existsSync(log) ? ` The log is in ${relative('.', log) || log}.` : '';
    const more = debug ? '' : ' Set CARTLAKE_DEBUG=1 to see where it happened.';
    return { lines: [`Unexpected: ${firstLine(error.message) || error.name}.${where}${more}`, ...stack], code: 1 };
}

/** Tells an error on standard error and sets the exit code. */
export function tellFailure(thrown: unknown, lake: string, debug: boolean): void {
    const { lines, code } = failureOf(thrown, lake, debug);
    const [first, ...rest] = lines;
    if (first !== undefined) {
        process.stderr.write(`${[`${paintError('red', 'error:')} ${first}`, ...rest].join('\n')}\n`);
    }
    process.exitCode = code;
}

function causes(error: Error): string[] {
    const { cause } = error;
    return cause instanceof Error ? [`caused by ${cause.stack ?? cause.message}`, ...causes(cause)] : [];
}

function firstLine(message: string): string {
    return (message.split('\n')[0] ?? '').trim().replace(/\.$/, '');
}
