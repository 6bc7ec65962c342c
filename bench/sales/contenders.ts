import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DataError } from '#core/errors.ts';
import { PROJECT_ROOT } from '#embedded/project.ts';
import type { Cost } from '../samples.ts';
import type { Workspace } from '../workspace.ts';
import { measured } from './python.ts';

/** Who makes the report. */
export const CONTENDERS = ['cartlake', 'pandas', 'json_pandas', 'polars'] as const;
export type Contender = (typeof CONTENDERS)[number];

/** What a run cost, and the report it made as CSV text. */
export interface Outcome extends Cost {
    readonly report: string;
}

const QUERY =
    'select category, customer_segment, total_revenue, units_sold, unique_customers from sales_report ' +
    'order by category, customer_segment';

/** Makes the report from a folder of archives and tables, in a process of its own. */
export async function runContender(
    contender: Contender,
    { workspace, python, data }: { workspace: Workspace; python: string; data: string },
): Promise<Outcome> {
    if (contender === 'cartlake') return runCartlake(workspace, python, data);
    const out = workspace.path(`${contender}.csv`);
    const script = join(import.meta.dirname, `report_${contender}.py`);
    const cost = await measured(python, [python, script, data, out]);
    return { ...cost, report: await readFile(out, 'utf8') };
}

/**
 * From an empty lake to published tables and pages. PostgreSQL runs already, as a shop's does, and is not measured. The
 * lake stays until the end: on a disk that has just removed many files, making others takes longer.
 */
async function runCartlake(workspace: Workspace, python: string, data: string): Promise<Outcome> {
    const lake = workspace.path('lake');
    const postgres = await workspace.database();
    const cartlake = [process.execPath, join(PROJECT_ROOT, 'bin', 'cartlake.js')];
    const cost = await measured(python, [...cartlake, 'ingest', data, '--lake', lake, '--postgres', postgres]);
    const query = [...cartlake.slice(1), 'sql', '--csv', QUERY, '--lake', lake];
    const { stdout } = await promisify(execFile)(process.execPath, query);
    return { ...cost, report: stdout };
}

/** A ratio between two different jobs would say nothing. Throws DataError unless all reports are the same. */
export function requireSameReport(outcomes: readonly (Outcome & { readonly contender: Contender })[]): void {
    const [first] = outcomes;
    const other = outcomes.find(({ report }) => report !== first?.report);
    if (first === undefined || other === undefined) return;
    throw new DataError(
        `Expected the same report from everybody, found those of ${first.contender} and ${other.contender} to differ:\n` +
            `${first.report}\n${other.report}`,
    );
}
