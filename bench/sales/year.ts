import { join } from 'node:path';
import { inChild } from '../child.ts';
import type { Result } from '../measurements/measurement.ts';
import { secondsText } from '../measurements/measurement.ts';
import { median } from '../samples.ts';
import type { Workspace } from '../workspace.ts';
import { writeDays } from './data.ts';

const EVENTS_PER_PART = 100;
const TARGET = 1.5;
/** Days that are averaged at either end; the first day of all also makes the tables. */
const ENDS = 10;

/** Runs on many days, one after another on one lake: what the last cost, and what the first. */
export async function measureYear(workspace: Workspace, days: number): Promise<Result[]> {
    const folder = workspace.path('days');
    const paths = await writeDays(folder, days, EVENTS_PER_PART);
    const tables = ['customers.csv', 'products.csv'].map((name) => join(folder, name));
    const lake = { lake: workspace.path('lake'), postgresUrl: await workspace.database() };
    console.error(`sales-year: ${days} days, one after another`);
    const { daily } = await inChild('dailyRuns', { ...lake, first: tables, days: paths });
    const ends = Math.min(ENDS, Math.floor((days - 1) / 2));
    const [first, last] = [daily.slice(1, 1 + ends), daily.slice(-ends)];
    const seconds = (runs: typeof daily) => median(runs.map((run) => run.seconds));
    const cpu = (runs: typeof daily) => median(runs.map((run) => run.cpuSeconds));
    return [
        {
            what: `a day's run after ${days} days / after ${ends}`,
            ratio: seconds(last) / seconds(first),
            range: undefined,
            cpuRatio: cpu(last) / cpu(first),
            target: TARGET,
            note: `${secondsText(seconds(last))} / ${secondsText(seconds(first))}, medians of ${ends} days`,
        },
    ];
}
