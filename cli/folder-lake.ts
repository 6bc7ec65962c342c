import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { removeAbandonedScratch } from '#adapters/folder/abandoned.ts';
import { createFolderOldFiles } from '#adapters/folder/old-files.ts';
import type { AnyLake } from './anywhere.ts';
import { watchBuilds } from './build-outcome.ts';
import type { Globals } from './globals.ts';
import { type LakeUse, useLake } from './lake.ts';

const POLL_MS = 100;

/** The lake of a folder, as commands that work anywhere see it. */
export function useFolderLake<T>(globals: Globals, use: LakeUse, work: (lake: AnyLake) => Promise<T>): Promise<T> {
    const { lake } = globals;
    return useLake(globals, use, ({ runtime, project }) =>
        work({
            context: runtime.context,
            project,
            files: createFolderOldFiles(lake),
            temporary: join(lake, 'tmp', 'explore'),
            addressOf: (key) => pathToFileURL(join(lake, key)).href,
            deliver: async (objects) => {
                await runtime.deliver(objects);
            },
            sweep: async () => {
                await runtime.sweep();
            },
            tidy: () => removeAbandonedScratch(lake),
            settle: () => runtime.settle(),
            async untilReplayed(name) {
                const execution = () => runtime.executions.get(`replay/${name}`);
                // It may be another process that runs it.
                do await runtime.settle();
                while (execution()?.status === 'RUNNING' && (await sleep(POLL_MS, true)));
                await runtime.settle();
                const { status = 'ABORTED', error, cause } = execution() ?? {};
                return { status, error, cause };
            },
            watchBuilds: () => watchBuilds(runtime),
        }),
    );
}
