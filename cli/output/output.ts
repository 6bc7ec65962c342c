import { paintError } from './style.ts';

/** What a command has to say: the same in JSON and in words. */
export interface Answer {
    /** The one document of `--json`. */
    readonly document: unknown;
    readonly lines: readonly string[];
    /** Process exit code. @default 0 */
    readonly code?: 0 | 1;
}

/** Where a command speaks while it works. */
export interface Output {
    readonly json: boolean;
    /** Words on standard output; nothing under `--json`. */
    line(text?: string): void;
    /** Raw text on standard output, for answers that are written as they come. Waits while the reader is slow. */
    write(text: string): Promise<void>;
    /** A remark on standard error. */
    note(text: string): void;
    /** Something to look at, on standard error. */
    warn(text: string): void;
}

export function createOutput(json: boolean): Output {
    return {
        json,
        line: (text = '') => {
            if (!json) process.stdout.write(`${text}\n`);
        },
        write: async (text) => {
            if (process.stdout.write(text)) return;
            await new Promise<void>((wake) => process.stdout.once('drain', wake));
        },
        note: (text) => {
            process.stderr.write(`${text}\n`);
        },
        warn: (text) => {
            process.stderr.write(`${paintError('yellow', 'warning:')} ${text}\n`);
        },
    };
}

/** Writes an answer: the document under `--json`, the lines otherwise. */
export function deliver(output: Output, { document, lines }: Answer): void {
    if (output.json) process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
    else for (const text of lines) output.line(text);
}
