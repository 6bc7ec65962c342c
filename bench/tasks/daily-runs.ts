import { basename, join } from 'node:path';
import { PipelineError } from '#core/errors.ts';
import { loadProject, PROJECT_ROOT } from '#embedded/project.ts';
import { createRuntime } from '#embedded/runtime.ts';

export interface DailyInput {
    readonly lake: string;
    readonly postgresUrl: string;
    /** Files of the first run, beside its day. */
    readonly first: readonly string[];
    /** One archive of order events a run. */
    readonly days: readonly string[];
}

/**
 * What each run cost: opening the lake, ingest, build, publishing, pages and closing; and the processor time of this
 * process so far, its start included.
 */
export interface DailyCosts {
    readonly daily: readonly { readonly seconds: number; readonly cpuSeconds: number }[];
    readonly cpuSeconds: number;
}

/** Runs the whole pipeline once a day, on one lake, with a new runtime for each run. */
export async function dailyRuns({ lake, postgresUrl, first, days }: DailyInput): Promise<DailyCosts> {
    const project = await loadProject(join(PROJECT_ROOT, 'contracts'), join(PROJECT_ROOT, 'models'));
    const daily: { seconds: number; cpuSeconds: number }[] = [];
    for (const [index, day] of days.entries()) {
        const startedAt = performance.now();
        const before = process.cpuUsage();
        const runtime = await createRuntime({ lake, project, postgresUrl });
        const { landing } = runtime.context;
        await runtime.sweep();
        const tables = index === 0 ? first : [];
        const refs = await Promise.all([
            ...tables.map((path) => landing.land(`landing/${basename(path, '.csv')}/${basename(path)}`, path)),
            landing.land(`landing/order_events/${basename(day)}`, day),
        ]);
        await runtime.deliver(refs);
        await runtime.settle();
        const failed = runtime.executions.list({ limit: 3 }).find(({ status }) => status !== 'SUCCEEDED');
        await runtime.close();
        if (failed)
            throw new PipelineError(`${failed.machine} ${failed.name} ended ${failed.status}: ${failed.cause ?? ''}`);
        const { user, system } = process.cpuUsage(before);
        daily.push({ seconds: (performance.now() - startedAt) / 1000, cpuSeconds: (user + system) / 1e6 });
    }
    const { user, system } = process.cpuUsage();
    return { daily, cpuSeconds: (user + system) / 1e6 };
}
