import { paint, printable } from './output/style.ts';

/** One line of a function's log, without what Lambda and CloudWatch write for themselves. */
export interface SaidLine {
    /** ISO instant. */
    readonly at: string;
    readonly level: string;
    readonly message: string;
    /** For a terminal. */
    readonly shown: string;
}

/** What people need not see: the frame around an invocation, and measures on their way to CloudWatch. */
const FRAME = /^(START|END|REPORT|INIT_START|XRAY) /;

/** Reads a line; undefined for one that says nothing to a person. */
export function logLine({ at, text }: { readonly at: string; readonly text: string }): SaidLine | undefined {
    if (text === '' || FRAME.test(text)) return undefined;
    const fields = fieldsOf(text);
    if (fields && '_aws' in fields) return undefined;
    const level = typeof fields?.level === 'string' ? fields.level.toUpperCase() : 'INFO';
    const message = typeof fields?.message === 'string' ? messageOf(fields, fields.message) : text;
    const colour = level === 'ERROR' ? 'red' : level === 'WARN' ? 'yellow' : 'dim';
    const time = at.slice(0, 19).replace('T', ' ');
    return { at, level, message, shown: `${time}  ${paint(colour, level.padEnd(5))}  ${printable(message)}` };
}

/** What a stage answered stands beside its message: for "fail done" that is the reason. */
function messageOf({ output }: Readonly<Record<string, unknown>>, message: string): string {
    return output === undefined || output === null ? message : `${message} ${JSON.stringify(output)}`;
}

function fieldsOf(text: string): Readonly<Record<string, unknown>> | undefined {
    if (!text.startsWith('{')) return undefined;
    try {
        return JSON.parse(text) as Record<string, unknown>;
    } catch {
        return undefined;
    }
}
