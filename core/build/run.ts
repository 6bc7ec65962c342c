import type { TableVersion } from '../catalog/version.ts';
import { PipelineError } from '../errors.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Component } from '../models/graph.ts';
import type { RegisteredObject } from '../registry/registry.ts';
import { objectsOf } from '../registry/registry.ts';
import type { BlobStore, ControlStore } from '../store/ports.ts';
import type { IsoInstant } from '../types.ts';
import type { CheckResult } from './check.ts';

/**
 * What a run keeps between its steps, as small JSON files below `runs/<run>/`. State machines carry only names.
 */
export interface RunFiles {
    /** Freezes the objects of all datasets for this run; late files wait for the next one. */
    freeze(datasets: Iterable<string>): Promise<Map<string, readonly RegisteredObject[]>>;
    objects(dataset: string): Promise<readonly RegisteredObject[]>;
    savePlan(plan: RunPlan): Promise<void>;
    plan(): Promise<RunPlan>;
    findPlan(): Promise<RunPlan | undefined>;
    saveCandidate(version: TableVersion): Promise<void>;
    candidate(model: string): Promise<TableVersion>;
    findCandidate(model: string): Promise<TableVersion | undefined>;
    saveChecks(model: string, checked: Checked): Promise<void>;
    checks(model: string): Promise<Checked | undefined>;
    /** Notes that a model keeps its last good version, why and since when. */
    saveHalt(halt: Halt): Promise<void>;
    halted(): Promise<Halt[]>;
}

/** What the checks of a candidate said. */
export interface Checked {
    readonly results: readonly CheckResult[];
    /** Missing in files of before. */
    readonly at?: IsoInstant;
}

/** A model that keeps its last good version. */
export interface Halt {
    readonly model: string;
    readonly reason: string;
    readonly at: IsoInstant;
}

export interface PlannedModel {
    readonly model: string;
    /** In words: what changed. */
    readonly reason: string;
    /** Parts known to be rebuilt; more can follow when an input changes first. */
    readonly parts: readonly string[];
    /** Bytes of the files that will be read, as far as they exist now. */
    readonly bytes: number;
    /** False when it depends on what an input turns out to be. */
    readonly certain: boolean;
}

export interface RunPlan {
    readonly run: string;
    /** Missing in plans of before. */
    readonly plannedAt?: IsoInstant;
    /** Versions of the datasets it reads. */
    readonly datasets?: Readonly<Record<string, string>>;
    /** The last build request this run covers. */
    readonly covers: number;
    /** Models that may change, for the machine. Plans of before have levels instead, which nothing reads again. */
    readonly components: readonly Component[];
    readonly models: readonly PlannedModel[];
    /** Published tables whose current version is not in Postgres yet. */
    readonly unpublished: readonly string[];
}

export function runFiles(blobs: BlobStore, control: ControlStore, run: string): RunFiles {
    const read = async <T>(name: string): Promise<T | undefined> => {
        const text = await blobs.readText(`runs/${run}/${name}.json`);
        return text === undefined ? undefined : (JSON.parse(text) as T);
    };
    const save = (name: string, value: unknown) => blobs.putText(`runs/${run}/${name}.json`, JSON.stringify(value));
    const must = async <T>(name: string): Promise<T> => {
        const value = await read<T>(name);
        if (value === undefined)
            throw new PipelineError(`Run ${run} has no ${name}. Start a new build: cartlake build.`);
        return value;
    };
    return {
        async freeze(datasets) {
            const frozen = new Map<string, readonly RegisteredObject[]>();
            for (const dataset of datasets) {
                const objects = await objectsOf(control, dataset);
                await save(`inputs/${dataset}`, objects);
                frozen.set(dataset, objects);
            }
            return frozen;
        },
        objects: (dataset) => must(`inputs/${dataset}`),
        savePlan: (plan) => save('plan', plan),
        plan: () => must('plan'),
        findPlan: () => read('plan'),
        saveCandidate: (version) => save(`candidates/${version.model}`, version),
        candidate: (model) => must(`candidates/${model}`),
        findCandidate: (model) => read(`candidates/${model}`),
        saveChecks: (model, checked) => save(`checks/${model}`, checked),
        async checks(model) {
            const found = await read<Checked | readonly CheckResult[]>(`checks/${model}`);
            return found && 'results' in found ? found : found && { results: found };
        },
        saveHalt: (halt) => save(`halted/${halt.model}`, halt),
        async halted() {
            const files = await blobs.list(`runs/${run}/halted`);
            const texts = await Promise.all(files.map(({ key }) => blobs.readText(key)));
            return texts.flatMap((text) => (text === undefined ? [] : [JSON.parse(text)]));
        },
    };
}

/** Marks the objects a run used as built. Cost grows with the unfinished objects, not with the ledger. */
export async function markObjectsBuilt(
    ledger: Ledger,
    files: RunFiles,
    datasets: Iterable<string>,
    run: string,
): Promise<number> {
    const used = new Map<string, string>();
    for (const dataset of datasets) {
        for (const { id, contractFingerprint, corrections = 0 } of await files.objects(dataset)) {
            used.set(id, `${contractFingerprint} ${corrections}`);
        }
    }
    const open = await ledger.open();
    // One that was staged anew since the run's inputs were frozen, under another contract or corrected, is left to the
    // next run.
    return ledger.markBuilt(
        open.filter((id) => used.has(id)),
        run,
        ({ id, staged }) =>
            staged !== undefined &&
            `${staged.contractFingerprint} ${staged.redriven?.corrections.length ?? 0}` === used.get(id),
    );
}
