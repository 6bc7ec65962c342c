import { PipelineError, UsageError } from '#core/errors.ts';
import { machineLine } from './machine.ts';
import { measureBuild } from './measurements/build.ts';
import { measureDay } from './measurements/day.ts';
import { measureDirtyIngest, measureIngest } from './measurements/ingest.ts';
import { measureLedger } from './measurements/ledger.ts';
import type { Measurement, Result } from './measurements/measurement.ts';
import { measureScale } from './measurements/scale.ts';
import { type Name, optionsOf } from './options.ts';
import { tableOf } from './table.ts';
import { inWorkspace } from './workspace.ts';

const MEASUREMENTS: Readonly<Record<Name, Measurement>> = {
    ingest: measureIngest,
    dirty: measureDirtyIngest,
    build: measureBuild,
    scale: measureScale,
    day: measureDay,
    ledger: measureLedger,
};

/** `npm run bench`: measures and prints ratios. A missed target is said, it is no failure: machines differ. */
async function main(): Promise<void> {
    const options = optionsOf(process.argv.slice(2));
    const machine = await machineLine();
    const results: Result[] = [];
    await inWorkspace(async (workspace) => {
        for (const name of options.only) results.push(...(await MEASUREMENTS[name](workspace, options)));
    });
    if (options.json) {
        console.log(JSON.stringify({ machine, rows: options.rows, repeat: options.repeat, results }, null, 2));
        return;
    }
    console.log(`${machine}; ${options.repeat} repetitions, median of ratios within a repetition\n`);
    console.log(tableOf(results).join('\n'));
}

await main().catch((error: unknown) => {
    console.error(error instanceof UsageError ? error.message : error);
    process.exitCode = error instanceof PipelineError ? 1 : 70;
});
