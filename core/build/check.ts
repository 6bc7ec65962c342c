import { allEnded } from '../all-ended.ts';
import { filesToRead, type TableVersion } from '../catalog/version.ts';
import { DataError } from '../errors.ts';
import { checkSql } from '../models/check-sql.ts';
import type { Check, Model, Severity } from '../models/model.ts';
import type { IsoDate } from '../types.ts';
import { type Input, resolveInput } from './inputs.ts';
import type { BuildContext } from './model-build.ts';
import type { BoundInput, DataRow } from './ports.ts';
import { bindInput } from './relations.ts';

export interface CheckResult {
    readonly check: string;
    readonly severity: Severity;
    readonly status: 'pass' | 'warn' | 'fail';
    /** Bad rows, or 1 where the table as a whole is bad. */
    readonly failing: number;
    readonly observed: string | undefined;
    readonly expected: string | undefined;
}

const THIS = '__this';
const PREVIOUS = '__previous';

/** Evaluates a model's checks on a version that nobody sees yet. By_date models are checked on their new dates. */
export async function checkVersion(
    context: BuildContext,
    model: Model,
    next: TableVersion,
    previous: TableVersion | undefined,
): Promise<CheckResult[]> {
    const changed = Object.keys(next.parts).filter((part) => previous?.parts[part]?.hash !== next.parts[part]?.hash);
    const others = new Map<string, Input>();
    for (const name of context.graph.checkInputs(model.name)) others.set(name, await resolveInput(context, name));
    const checked = { next, previous, changed, others };
    return allEnded(model.checks.map((check) => evaluate(context, model, check, checked)));
}

interface Checked {
    readonly next: TableVersion;
    readonly previous: TableVersion | undefined;
    readonly changed: readonly string[];
    readonly others: ReadonlyMap<string, Input>;
}

async function evaluate(context: BuildContext, model: Model, check: Check, checked: Checked): Promise<CheckResult> {
    if (findsNothing(model, check, checked)) return resultOf(check, 0);
    const inputs = inputsOf(model, check, checked);
    const builtOn: IsoDate = context.now().slice(0, 10);
    const [row] = await context.engine.rows({
        inputs,
        render: (bind) =>
            checkSql(check, {
                graph: context.graph,
                model: model.name,
                thisRelation: bind(THIS),
                previousRelation: checked.previous && bind(PREVIOUS),
                builtOn,
                bind,
            }),
    });
    return resultOf(check, Number(row?.failing ?? 0), row);
}

function resultOf({ name, severity }: Check, failing: number, row?: DataRow): CheckResult {
    const status = failing === 0 ? 'pass' : severity === 'halt' ? 'fail' : 'warn';
    return { check: name, severity, status, failing, observed: textOf(row?.observed), expected: textOf(row?.expected) };
}

/** Whether a check can only pass because it looks at each row of columns there are, and there is no row to look at. */
function findsNothing({ kind }: Model, check: Check, { next, changed }: Checked): boolean {
    const parts = kind === 'by_date' ? changed : Object.keys(next.parts);
    if (parts.some((part) => (next.parts[part]?.rows ?? 0) > 0)) return false;
    const has = (name: string) => next.columns.some((column) => column.name === name);
    switch (check.kind) {
        case 'unique':
        case 'not_null':
            return check.columns.every(has);
        case 'accepted_values':
            return has(check.column);
        default:
            return false;
    }
}

function textOf(value: unknown): string | undefined {
    return value === null || value === undefined ? undefined : String(value);
}

function inputsOf(model: Model, check: Check, { next, previous, changed, others }: Checked): Map<string, BoundInput> {
    // A table's newest row and its size are properties of all of it; a row is good or bad by itself.
    const aboutAll = model.kind !== 'by_date' || check.kind === 'freshness';
    const parts = aboutAll ? undefined : changed;
    const bound = new Map<string, BoundInput>([[THIS, partsOf(next, parts)]]);
    if (previous) bound.set(PREVIOUS, partsOf(previous, parts));
    for (const [name, input] of others) {
        // Sums are compared over the same dates.
        const dates = check.kind === 'reconcile' && parts ? parts : undefined;
        bound.set(name, bindInput(input, { lookback: 0, lookahead: 0 }, dates));
    }
    return bound;
}

function partsOf(version: TableVersion, parts: readonly string[] | undefined): BoundInput {
    const wanted = new Set(parts);
    return {
        kind: 'files',
        files: filesToRead(version, parts && ((name) => wanted.has(name))),
        uniform: true,
        columns: version.columns,
        narrow: undefined,
    };
}

/** Throws DataError that names every failed check. */
export function haltOnFailure(model: string, results: readonly CheckResult[]): void {
    const failed = results.filter(({ status }) => status === 'fail');
    if (failed.length === 0) return;
    const list = failed.map(({ check, failing, observed, expected }) =>
        observed === undefined ? `${check} (${failing} rows)` : `${check} (found ${observed}, expected ${expected})`,
    );
    throw new DataError(
        `The new version of ${model} fails ${list.join(', ')}. Readers keep the last good version. ` +
            'Look at the rows that came in (cartlake quarantine, cartlake sql), correct them and build again.',
    );
}
