import { join } from 'node:path';
import { createFolderControl } from '#adapters/folder/control.ts';
import { requireKnownValue } from '#core/status/parameter-values.ts';
import { merge, parseOverride, readOverrides, saveOverrides, withOverrides } from '#core/status/settings.ts';
import { loadProject, PROJECT_ROOT, type Project } from '#embedded/project.ts';
import { createRuntime, type Runtime } from '#embedded/runtime.ts';
import type { Globals } from './globals.ts';
import { requireLake, requireRoom } from './lake-folder.ts';
import { onStop } from './shutdown.ts';

/** An open lake. */
export interface Lake {
    readonly runtime: Runtime;
    readonly project: Project;
    /** `--set` changed what the lake answers: its tables are out of date. */
    readonly settingsChanged: boolean;
}

export interface LakeUse {
    /**
     * `read`: the lake has to be there, and nothing in it changes (`--set` holds for this call only).
     * `change`: it has to be there. `create`: it is made where there is none.
     */
    readonly mode: 'read' | 'change' | 'create';
    readonly holdBuilds?: boolean | undefined;
    readonly onStage?: (stage: string, input: unknown) => void;
}

/** Opens the lake of a call, lets `work` use it, and closes it however that ends. */
export async function useLake<T>(globals: Globals, use: LakeUse, work: (lake: Lake) => Promise<T>): Promise<T> {
    await (use.mode === 'create' ? requireRoom : requireLake)(globals.lake, globals.lakeName);
    const project = await loadProject(contractsFolder(globals), join(PROJECT_ROOT, 'models'));
    const control = createFolderControl(globals.lake);
    const overrides = globals.set.map((text) => parseOverride(text, project.contracts));
    for (const override of overrides) requireKnownValue(override, project.contracts, project.graph);
    const settingsChanged = use.mode !== 'read' && (await saveOverrides(control, overrides));
    const settings = merge(await readOverrides(control), overrides);
    const lakeProject = { ...project, contracts: withOverrides(project.contracts, settings) };
    const runtime = await createRuntime({
        lake: globals.lake,
        project: lakeProject,
        postgresUrl: globals.postgres,
        memory: globals.memory,
        holdBuilds: use.holdBuilds,
        onStage: use.onStage,
    });
    const forget = onStop(() => runtime.database.close());
    try {
        return await work({ runtime, project: lakeProject, settingsChanged });
    } finally {
        await runtime.close();
        forget();
    }
}

export function contractsFolder({ contracts }: Pick<Globals, 'contracts'>): string {
    return contracts ?? join(PROJECT_ROOT, 'contracts');
}
