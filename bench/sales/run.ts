import { parseArgs } from 'node:util';
import { PipelineError, UsageError } from '#core/errors.ts';
import { machineLine } from '../machine.ts';
import type { Result } from '../measurements/measurement.ts';
import { tableOf } from '../table.ts';
import { inWorkspace } from '../workspace.ts';
import { compareContenders } from './compare.ts';
import { benchPython } from './python.ts';
import { measureYear } from './year.ts';

const WEEKS = 50;
const SMALL = { eventsPerPart: 100, targets: { time: 1.5, memory: undefined } };
const LARGE = { eventsPerPart: 2_000, targets: { time: 1 / 3, memory: 1 / 5 } };

/** `npm run bench:sales`: the sales report beside pandas and polars scripts; with `--days N`, daily runs instead. */
async function main(): Promise<void> {
    const { days, repeat, small } = options(process.argv.slice(2));
    const results: Result[] = [];
    await inWorkspace(async (workspace) => {
        if (days !== undefined) {
            results.push(...(await measureYear(workspace, days)));
            return;
        }
        const python = await benchPython();
        for (const { eventsPerPart, targets } of small ? [SMALL] : [SMALL, LARGE]) {
            const data = { weeks: WEEKS, eventsPerPart };
            results.push(...(await compareContenders(workspace, python, data, targets, repeat)));
        }
    });
    console.log(`${await machineLine()}\n`);
    console.log(tableOf(results).join('\n'));
}

function options(args: readonly string[]) {
    try {
        const { values } = parseArgs({
            args: [...args],
            options: { days: { type: 'string' }, repeat: { type: 'string' }, small: { type: 'boolean' } },
        });
        return {
            days: values.days === undefined ? undefined : integer('--days', values.days, 3, 3_660),
            repeat: integer('--repeat', values.repeat ?? '3', 1, 99),
            small: values.small === true,
        };
    } catch (error) {
        if (error instanceof UsageError) throw error;
        throw new UsageError(`bench:sales: ${(error as Error).message} Options: --days N, --repeat N, --small.`);
    }
}

function integer(option: string, text: string, least: number, most: number): number {
    const value = Number(text);
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    throw new UsageError(`${option}: expected an integer from ${least} to ${most}, found ${text}.`);
}

await main().catch((error: unknown) => {
    console.error(error instanceof UsageError ? error.message : error);
    process.exitCode = error instanceof PipelineError ? 1 : 70;
});
