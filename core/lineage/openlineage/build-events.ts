import type { ModelGraph } from '#core/models/graph.ts';
import type { Model } from '#core/models/model.ts';
import { renderSql } from '#core/models/render.ts';
import type { Checked, Halt } from '../../build/run.ts';
import { runOfPart } from '../../catalog/part-run.ts';
import type { TableVersion } from '../../catalog/version.ts';
import type { IsoInstant } from '../../types.ts';
import { type EventDataset, type Facets, NAMESPACE, type RunEvent, type RunOfJob, runEvent } from './event.ts';
import {
    assertionsFacet,
    datesFacet,
    documentationFacet,
    errorFacet,
    jobTypeFacet,
    parentFacet,
    schemaFacet,
    sqlFacet,
    versionFacet,
    writtenFacet,
} from './facets.ts';
import { stagedDataset } from './ingest-events.ts';

type End = 'COMPLETE' | 'FAIL' | 'ABORT';

/** What a build did, as it stands in the files of its run. */
export interface BuildFacts {
    readonly run: string;
    /** Undefined where it died before it had a plan. */
    readonly plannedAt: IsoInstant | undefined;
    readonly endedAt: IsoInstant;
    readonly end: End;
    readonly reason?: string | undefined;
    /** Versions of the datasets it read. */
    readonly datasets: Readonly<Record<string, string>>;
    readonly models: readonly ModelFacts[];
}

export interface ModelFacts {
    readonly model: Model;
    /** Undefined where nothing was computed, because it failed. */
    readonly version: TableVersion | undefined;
    /** Undefined where it was not checked. */
    readonly checks: Checked | undefined;
    /** Why the model kept its last good version, since when. */
    readonly halted: Halt | undefined;
    /** Whether readers saw the version. */
    readonly promoted: boolean;
}

/**
 * The events of a build: a START and an end for the build itself, for each model it computed and for the checks of
 * that version, which have the build as their parent.
 */
export function buildEvents(graph: ModelGraph, facts: BuildFacts): RunEvent[] {
    const { run, plannedAt, endedAt, end, reason } = facts;
    const job = { namespace: NAMESPACE, name: 'build' };
    const build: RunOfJob = { name: `build/${run}`, job };
    const ended = {
        ...build,
        job: { ...job, facets: jobTypeFacet('DAG') },
        ...(reason !== undefined && { facets: errorFacet(reason) }),
    };
    return [
        ...(plannedAt === undefined ? [] : [runEvent(build, { eventType: 'START', eventTime: plannedAt })]),
        ...facts.models.flatMap((model) => modelEvents(graph, facts, model, parentFacet(build))),
        runEvent(ended, { eventType: end, eventTime: endedAt }),
    ];
}

function modelEvents(graph: ModelGraph, facts: BuildFacts, built: ModelFacts, parent: Facets): RunEvent[] {
    const { model, version, checks, halted } = built;
    const name = `build/${facts.run}/${model.name}`;
    const job = { namespace: NAMESPACE, name: `build.${model.name}` };
    const startedAt = version?.startedAt ?? facts.plannedAt ?? facts.endedAt;
    const isComputed = version !== undefined;
    const inputs = inputsOf(graph, facts, model, version);
    const facets = { ...parent, ...(halted && !isComputed && errorFacet(halted.reason)) };
    const start = runEvent({ name, job, facets: parent }, { eventType: 'START', eventTime: startedAt });
    const ended = { name, job: { ...job, facets: { ...modelFacets(graph, model) } }, facets };
    if (!isComputed) {
        const eventTime = halted?.at ?? facts.endedAt;
        return [start, runEvent(ended, { eventType: halted ? 'FAIL' : 'ABORT', eventTime, inputs })];
    }
    const outputs = [outputOf(model, version, facts.run)];
    const end = runEvent(ended, { eventType: endOf(built), eventTime: version.builtAt, inputs, outputs });
    return [start, end, ...(checks ? checkEvents(facts, built, version, checks, parent) : [])];
}

/** A version that failed its checks was computed all the same; one that nobody came to show was given up. */
function endOf({ halted, promoted }: ModelFacts): End {
    return promoted || halted ? 'COMPLETE' : 'ABORT';
}

function checkEvents(
    { run, endedAt }: BuildFacts,
    { model, halted }: ModelFacts,
    version: TableVersion,
    checks: Checked,
    parent: Facets,
): RunEvent[] {
    const name = `build/${run}/${model.name}/check`;
    const job = { namespace: NAMESPACE, name: `check.${model.name}` };
    const start = runEvent({ name, job, facets: parent }, { eventType: 'START', eventTime: version.builtAt });
    const input = { ...tableDataset(model.name, version.id), inputFacets: assertionsFacet(checks.results) };
    const facets = { ...parent, ...(halted && errorFacet(halted.reason)) };
    const ended = { name, job: { ...job, facets: jobTypeFacet('CHECK') }, facets };
    const end = { eventType: halted ? 'FAIL' : 'COMPLETE', eventTime: checks.at ?? endedAt } as const;
    return [start, runEvent(ended, { ...end, inputs: [input] })];
}

function modelFacets(graph: ModelGraph, model: Model): Facets {
    const sql = model.language === 'sql' ? renderSql(graph, model.name, (leaf) => `"${leaf}"`) : undefined;
    return { ...jobTypeFacet('MODEL'), ...documentationFacet(model.purpose), ...(sql && sqlFacet(sql)) };
}

/** Datasets as the build froze them, tables as they were when the model was computed. */
function inputsOf(
    graph: ModelGraph,
    { datasets }: BuildFacts,
    { name }: Model,
    version: TableVersion | undefined,
): EventDataset[] {
    return graph.upstream(name).flatMap((input) => {
        const read = version?.tablesRead?.[input];
        if (graph.models.has(input)) return [tableDataset(input, read)];
        const frozen = datasets[input];
        return frozen === undefined ? [] : [stagedDataset(input, frozen)];
    });
}

function tableDataset(name: string, version: string | undefined): EventDataset {
    return { namespace: NAMESPACE, name, ...(version !== undefined && { facets: versionFacet(version) }) };
}

/** The whole version, and what of it this run wrote: the other parts are those of the version before. */
function outputOf(model: Model, version: TableVersion, run: string): EventDataset {
    const written = Object.entries(version.parts).filter(([, part]) => runOfPart(part) === run);
    const rows = written.reduce((sum, [, part]) => sum + part.rows, 0);
    const bytes = written.reduce((sum, [, part]) => sum + part.bytes, 0);
    const dates = written.map(([date]) => date);
    const { dateColumn } = model;
    return {
        ...tableDataset(model.name, version.id),
        facets: { ...versionFacet(version.id), ...schemaFacet(version.columns) },
        outputFacets: { ...writtenFacet(rows, bytes), ...(dateColumn !== undefined && datesFacet(dateColumn, dates)) },
    };
}
