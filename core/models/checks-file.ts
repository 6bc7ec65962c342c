import type { Check, Severity } from './model.ts';

type RowsCheck = Extract<Check, { kind: 'rows' }>;

const START = /^--\s*check:\s*(.*?)\s*$/;
const SEVERITY = /^--\s*severity:\s*(.*?)\s*$/;

/**
 * Reads `<model>.checks.sql`: queries that return the bad rows, each below a line `-- check: name` and, where a
 * failure should only warn, `-- severity: warn`. Faults are added to `problems`, without the file's name.
 */
export function readChecksFile(text: string, problems: string[]): RowsCheck[] {
    const blocks = split(text, problems);
    return blocks.flatMap(({ name, lines }) => {
        if (!/^[a-z][a-z0-9_]*$/.test(name)) {
            problems.push(`"-- check: ${name}" must give a lower-case name`);
            return [];
        }
        const severity = readSeverity(name, lines, problems);
        const sql = lines
            .filter((line) => !SEVERITY.test(line))
            .join('\n')
            .trim()
            .replace(/;\s*$/, '');
        if (sql === '') {
            problems.push(`check "${name}" has no query`);
            return [];
        }
        return [{ kind: 'rows', name, severity, sql } satisfies RowsCheck];
    });
}

function split(text: string, problems: string[]): { name: string; lines: string[] }[] {
    const blocks: { name: string; lines: string[] }[] = [];
    for (const line of text.split(/\r?\n/)) {
        const name = START.exec(line)?.[1];
        if (name !== undefined) blocks.push({ name, lines: [] });
        else if (blocks.length > 0) blocks.at(-1)!.lines.push(line);
        else if (line.trim() !== '' && !line.startsWith('--')) {
            problems.push(`a query must stand below a line "-- check: name", found "${line.trim()}" first`);
            return [];
        }
    }
    return blocks;
}

function readSeverity(name: string, lines: readonly string[], problems: string[]): Severity {
    const given = lines.map((line) => SEVERITY.exec(line)?.[1]).find((value) => value !== undefined) ?? 'halt';
    if (given === 'warn' || given === 'halt') return given;
    problems.push(`check "${name}": severity must be warn or halt, found "${given}"`);
    return 'halt';
}
