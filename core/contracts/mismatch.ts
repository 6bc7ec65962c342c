import type { Contract } from './contract.ts';
import type { HeaderMatch } from './match.ts';
import { closest } from './spelling.ts';

const MAX_EXTRA = 20;

/**
 * A diff of the columns a contract expects and the headings a file has, for people: `=` fits, `-` is missing,
 * `+` is not in the contract, `!` is there more than once. Ends with what to do.
 */
export function explainMismatch(contract: Contract, match: HeaderMatch): string {
    const width = Math.max(...contract.columns.map(({ name }) => name.length));
    const lines = contract.columns.map(({ name, required, aliases }) => {
        const heading = match.mapping.get(name);
        const duplicate = match.duplicates.find(({ column }) => column === name);
        const label = name.padEnd(width);
        if (duplicate !== undefined)
            return `! ${label}  found ${duplicate.headings.length} times: ${list(duplicate.headings)}`;
        if (heading !== undefined) return `= ${label}  found as ${quoted(heading)}`;
        const role = contract.key.includes(name) ? 'key' : required ? 'required' : 'optional';
        const meant = closestHeading([name, ...aliases], match.extra);
        return `- ${label}  missing (${role})${meant === undefined ? '' : `; did you mean ${quoted(meant)}?`}`;
    });
    const extra = match.extra.slice(0, MAX_EXTRA).map((heading) => `+ ${quoted(heading)}  not in the contract`);
    if (match.extra.length > MAX_EXTRA) extra.push(`+ and ${match.extra.length - MAX_EXTRA} more`);
    const repeated = match.duplicates
        .filter(({ column }) => column === undefined)
        .map(({ headings }) => `! ${quoted(headings[0]!)}  found ${headings.length} times, not in the contract`);
    return [verdict(contract, match), ...lines, ...extra, ...repeated, next(contract, match)].join('\n');
}

function verdict(contract: Contract, match: HeaderMatch): string {
    const { dataset, version, columns } = contract;
    const found = `${match.mapping.size} of ${columns.length} columns of ${dataset} ${version} found`;
    return match.acceptable ? `${found}; the file fits.` : `${found}; the file does not fit the contract.`;
}

function next(contract: Contract, match: HeaderMatch): string {
    const file = `contracts/${contract.dataset}.odcs.yaml`;
    if (match.duplicates.length > 0) return 'Next: keep one heading of each `!` and send the file again.';
    if (match.missingKeys.length + match.missingRequired.length > 0) {
        return `Next: add or rename the headings, or add what the file calls them to \`aliases\` in ${file}; then send the file again.`;
    }
    if (!match.acceptable) {
        return `Next: remove the columns marked +, describe them in ${file}, or set its schemaPolicy to evolve.`;
    }
    return 'Next: nothing; columns marked + are kept as text in _extra, missing optional columns are empty.';
}

function closestHeading(names: readonly string[], headings: readonly string[]): string | undefined {
    for (const name of names) {
        const heading = closest(name, headings);
        if (heading !== undefined) return heading;
    }
    return undefined;
}

function list(headings: readonly string[]): string {
    return headings.map(quoted).join(', ');
}

/** Headings come from outside: one line, short, control characters escaped. */
function quoted(heading: string): string {
    return JSON.stringify(heading.length > 60 ? `${heading.slice(0, 57)}...` : heading);
}
