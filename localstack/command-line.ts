import { parseArgs } from 'node:util';
import { coerceError, PipelineError, UsageError } from '#core/errors.ts';

/** Prints one line for the person at the terminal. */
export function say(line: string): void {
    process.stdout.write(`${line}\n`);
}

/** The options of a command, all of them texts or flags. Throws UsageError for others. */
export function readOptions<T extends NonNullable<Parameters<typeof parseArgs>[0]>['options']>(options: T & {}) {
    try {
        return parseArgs({ options, allowPositionals: false }).values;
    } catch (error) {
        throw new UsageError(`${coerceError(error).message} Known options: --${Object.keys(options).join(', --')}`);
    }
}

/** Runs a command; a known error is printed without a stack and ends with code 2 (usage) or 1. */
export async function runCommand(command: () => Promise<void>): Promise<void> {
    try {
        if (process.platform === 'win32') {
            throw new UsageError('LocalStack without Docker runs on Linux and macOS: use WSL, or the compose file.');
        }
        await command();
    } catch (error) {
        if (!(error instanceof PipelineError)) throw error;
        console.error(error.message);
        process.exitCode = error instanceof UsageError ? 2 : 1;
    }
}
