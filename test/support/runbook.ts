import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PROJECT_ROOT } from '#embedded/project.ts';

/** What a section of the runbook has somebody type, line by line. */
export interface Section {
    readonly look: readonly string[];
    readonly repair: readonly string[];
}

/** The sections about alarms, by their headings. */
export async function readSections(): Promise<ReadonlyMap<string, Section>> {
    const text = await runbook();
    const sections = new Map<string, Section>();
    for (const section of text.split(/^## /m).slice(1)) {
        const [look = '', repair] = section.split('**Repair.**');
        if (repair === undefined) continue;
        sections.set(section.slice(0, section.indexOf('\n')), { look: linesOf(look), repair: linesOf(repair) });
    }
    return sections;
}

/** A row of the table of repairs of a lake in a folder: what to type, where it says so. */
export interface Repair {
    readonly what: string;
    readonly look: readonly string[];
    readonly repair: readonly string[];
}

/** The rows of that table. */
export async function readRepairs(): Promise<Repair[]> {
    const [, table = ''] = (await runbook()).split('## Repairs of a lake in a folder');
    return [...table.matchAll(/^\| (.+?) \| (.+?) \| ?(.*?) ?\|$/gm)]
        .slice(1)
        .map(([, what = '', look = '', repair = '']) => {
            return { what, look: codeIn(look), repair: codeIn(repair) };
        });
}

const runbook = () => readFile(join(PROJECT_ROOT, 'docs', 'runbook.md'), 'utf8');
const codeIn = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);

function linesOf(text: string): string[] {
    return [...text.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block = '']) => block.trim().split('\n'));
}

/** A command for the stage prod on AWS as somebody with a LocalStack types it. */
export function forLocalStack(command: string): string {
    return command
        .replaceAll('--target aws --stage prod', '--target localstack')
        .replaceAll('cartlake-prod', 'cartlake-dev');
}

/** A command as a shell in any folder understands it. */
export function inAnyFolder(command: string): string {
    return command.replace(/^npx cartlake /, `"${process.execPath}" "${join(PROJECT_ROOT, 'bin', 'cartlake.js')}" `);
}
