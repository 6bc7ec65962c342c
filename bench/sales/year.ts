import { join } from 'node:path';
import { inChild } from '../child.ts';
import type { Result } from '../measurements/measurement.ts';
import { secondsText } from '../measurements/measurement.ts';
import { median } from '../samples.ts';
import type { dailyRuns } from '../tasks/daily-runs.ts';
import type { Workspace } from '../workspace.ts';
import { writeDays } from './data.ts';

const EVENTS_PER_PART = 100;
const TARGET = 1.5;
/** Days that are averaged at either end; the first day of all also makes the tables. */
const ENDS = 10;

/**
 * Runs on many days, one after another on one lake: what the last cost, beside the very first, which also makes the
 * tables, and beside those after it. The days at either end run as they would from a shell, each in a process of its
 * own, timed from its start to its end.
 */
export async function measureYear(workspace: Workspace, days: number): Promise<Result[]> {
    const folder = workspace.path('days');
    const paths = await writeDays(folder, days, EVENTS_PER_PART);
    const tables = ['customers.csv', 'products.csv'].map((name) => join(folder, name));
    const lake = { lake: workspace.path('lake'), postgresUrl: await workspace.database() };
    console.error(`sales-year: ${days} days, one after another`);
    const ends = Math.min(ENDS, Math.floor((days - 1) / 2));
    const runEach = async (chosen: readonly string[], first: readonly string[]) => {
        const runs: Cost[] = [];
        for (const day of chosen) {
            const startedAt = performance.now();
            const { cpuSeconds } = await inChild('dailyRuns', { ...lake, first, days: [day] });
            runs.push({ seconds: (performance.now() - startedAt) / 1000, cpuSeconds });
        }
        return runs;
    };
    const [first] = await runEach(paths.slice(0, 1), tables);
    const early = await runEach(paths.slice(1, 1 + ends), []);
    await inChild('dailyRuns', { ...lake, first: [], days: paths.slice(1 + ends, -ends) });
    const late = await runEach(paths.slice(-ends), []);
    return [
        ratioOf(`a day's run after ${days} days / the very first`, late, first ? [first] : []),
        ratioOf(`a day's run after ${days} days / days 2 to ${1 + ends}`, late, early),
    ];
}

type Cost = Awaited<ReturnType<typeof dailyRuns>>['daily'][number];

function ratioOf(what: string, subject: readonly Cost[], base: readonly Cost[]): Result {
    const seconds = (runs: readonly Cost[]) => median(runs.map((run) => run.seconds));
    const cpu = (runs: readonly Cost[]) => median(runs.map((run) => run.cpuSeconds));
    return {
        what,
        ratio: seconds(subject) / seconds(base),
        range: undefined,
        cpuRatio: cpu(subject) / cpu(base),
        target: TARGET,
        note: `${secondsText(seconds(subject))} / ${secondsText(seconds(base))}, medians`,
    };
}
