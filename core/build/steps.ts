import { type CatalogMirror, mirrorModels } from '../catalog/mirror.ts';
import { ConflictError, coerceError } from '../errors.ts';
import type { Executions } from '../execution/executions.ts';
import { freezeStarted, plansInForce } from '../experiment/declaration/freeze.ts';
import type { ExperimentPlan } from '../experiment/plan.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { recordFinished, recordReplaced } from '../lineage/openlineage/record-build.ts';
import type { Model } from '../models/model.ts';
import type { ControlStore } from '../store/ports.ts';
import { checkVersion, haltOnFailure } from './check.ts';
import { datasetVersion } from './inputs.ts';
import { type BuildContext, buildModel, type PreparedModel, prepareModel } from './model-build.ts';
import { planModels } from './plan.ts';
import { type Computing, isComputing } from './ports.ts';
import { publishedVersions } from './published.ts';
import { finishBuild, requireOwner } from './requests.ts';
import { markObjectsBuilt, type RunFiles, type RunPlan, runFiles } from './run.ts';

/** What the steps of the build machine need from the outside, besides the inputs of a run. */
export interface StepContext extends Omit<BuildContext, 'objects' | 'experimentPlans'> {
    /** Plans of experiments as the project's files declare them. */
    readonly experiments?: ReadonlyMap<string, ExperimentPlan> | undefined;
    readonly control: ControlStore;
    readonly ledger: Ledger;
    readonly executions: Executions;
    /** Shows promoted tables to readers elsewhere. */
    readonly mirror?: CatalogMirror | undefined;
}

const filesOf = (context: StepContext, run: string) => runFiles(context.blobs, context.control, run);
const buildContext = (context: StepContext, files: RunFiles): BuildContext => ({
    ...context,
    objects: (dataset) => files.objects(dataset),
    experimentPlans: () => plansInForce(context.control, context.experiments ?? new Map()),
});

/** Freezes the inputs and decides what to build. Throws ConflictError when another build took over. */
export async function planRun(context: StepContext, run: string): Promise<RunPlan> {
    const requests = await requireOwner(context.control, run);
    for (const replaced of requests.replaced ?? []) await recordReplaced(context, replaced.run, replaced.status);
    await freezeStarted(context.control, context.experiments?.values() ?? [], context.now());
    const plan = await describeRun(context, run, requests.requested);
    await filesOf(context, run).savePlan(plan);
    return plan;
}

/** The plan of a run that may never happen: what `cartlake plan` shows. */
export async function describeRun(context: StepContext, run: string, covers: number): Promise<RunPlan> {
    const files = filesOf(context, run);
    const plannedAt = context.now();
    const frozen = await files.freeze(context.contracts.keys());
    const datasets: Record<string, string> = {};
    for (const [name, objects] of frozen) datasets[name] = datasetVersion(context.contracts.get(name)!, objects);
    const { components, models } = await planModels(buildContext(context, files));
    return { run, plannedAt, datasets, covers, components, models, unpublished: await unpublished(context) };
}

async function unpublished(context: StepContext): Promise<string[]> {
    const published = await publishedVersions(context.control);
    const names: string[] = [];
    for (const model of context.graph.models.values()) {
        if (model.publish === undefined) continue;
        const current = await context.catalog.current(model.name);
        if (current && published[model.publish] !== current.content) names.push(model.publish);
    }
    return names.sort();
}

function modelOf(context: StepContext, name: string): Model {
    const model = context.graph.models.get(name);
    if (!model) throw new ConflictError(`The model ${name} is not part of this project any more.`);
    return model;
}

/** Builds one model's missing parts next to what readers see; while an engine computes, says when to call again. */
export async function buildStep(
    context: StepContext,
    run: string,
    name: string,
): Promise<{ changed: boolean; rows: number; parts: number } | Computing> {
    const files = filesOf(context, run);
    const inputs = buildContext(context, files);
    const startedAt = context.now();
    const prepared = await prepareModel(inputs, modelOf(context, name));
    const version = await buildModel(inputs, prepared, run);
    if (!version) return { changed: false, rows: 0, parts: 0 };
    if (isComputing(version)) return version;
    await files.saveCandidate({ ...version, startedAt, tablesRead: tablesRead(prepared) });
    return { changed: true, rows: version.rows, parts: prepared.stale.length };
}

function tablesRead({ inputs }: PreparedModel): Record<string, string> {
    const tables: Record<string, string> = {};
    for (const [name, input] of inputs) if (input.kind === 'table' && input.version) tables[name] = input.version.id;
    return tables;
}

/** Checks a candidate. Throws DataError when a check of severity `halt` fails. */
export async function checkStep(
    context: StepContext,
    run: string,
    name: string,
): Promise<{ passed: number; warned: number }> {
    const files = filesOf(context, run);
    const candidate = await files.candidate(name);
    const current = await context.catalog.current(name);
    const results = await checkVersion(buildContext(context, files), modelOf(context, name), candidate, current);
    await files.saveChecks(name, { results, at: context.now() });
    haltOnFailure(name, results);
    const warned = results.filter(({ status }) => status === 'warn').length;
    return { passed: results.length - warned, warned };
}

/**
 * Moves the pointer to a checked candidate, then shows it in the mirror. `unmirrored` says why that was not done; the
 * end of the run does it again. Throws ConflictError when another build took over.
 */
export async function promoteStep(
    context: StepContext,
    run: string,
    name: string,
): Promise<{ version: string; unmirrored: string[] }> {
    const candidate = await filesOf(context, run).candidate(name);
    await requireOwner(context.control, run);
    const pointer = await context.catalog.promote(candidate, context.now());
    const unmirrored = await mirrorModels(context.mirror, context.catalog, [name]);
    return { version: pointer.current.version, unmirrored };
}

/** A model could not be built or failed its checks: readers keep the last good version. */
export async function haltStep(context: StepContext, run: string, name: string, reason: string): Promise<void> {
    await filesOf(context, run).saveHalt({ model: name, reason, at: context.now() });
}

/**
 * Ends a run: its objects are built, the mirror shows what the pointers say (also where an earlier run could not, or
 * a person went back), and the next build starts if one was asked for meanwhile.
 */
export async function finishStep(
    context: StepContext,
    run: string,
): Promise<{ objects: number; halted: string[]; unmirrored: string[] }> {
    const files = filesOf(context, run);
    const plan = await files.plan();
    const halted = await files.halted();
    const [objects] = await Promise.all([
        markObjectsBuilt(context.ledger, files, context.contracts.keys(), run),
        recordFinished(context, plan, halted),
    ]);
    const unmirrored = context.mirror ? await repairMirror(context, context.mirror) : [];
    await finishBuild(context, run, plan.covers);
    await context.ledger.fold();
    return { objects, halted: halted.map(({ model }) => model), unmirrored };
}

async function repairMirror({ control, catalog }: StepContext, mirror: CatalogMirror): Promise<string[]> {
    const keys = await control.list('control/catalog');
    const models = keys.map((key) => key.slice('control/catalog/'.length));
    const unmirrored = await mirrorModels(mirror, catalog, models);
    await mirror.tidy().catch((error: unknown) => unmirrored.push(`work tables: ${coerceError(error).message}`));
    return unmirrored;
}
