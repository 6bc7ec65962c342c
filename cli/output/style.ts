import { styleText } from 'node:util';

type Format = Parameters<typeof styleText>[0];

/** Text for standard output in a colour; plain when that is no terminal or NO_COLOR is set. */
export function paint(format: Format, text: string): string {
    return styleText(format, text, { stream: process.stdout });
}

/** The same for standard error. */
export function paintError(format: Format, text: string): string {
    return styleText(format, text, { stream: process.stderr });
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const CONTROL = /[\x00-\x1f\x7f-\x9f]/g;

const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Text from data, safe for a terminal: control characters become visible instead of being obeyed. */
export function printable(text: string): string {
    return text.replace(CONTROL, (char) => NAMED[char] ?? `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
