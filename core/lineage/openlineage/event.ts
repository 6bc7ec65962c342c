import { createHash } from 'node:crypto';
import type { IsoInstant } from '../../types.ts';

/** Jobs and tables of the lake; files keep the namespace of their bucket. */
export const NAMESPACE = 'cartlake';

/** Stands in every event and facet: who says so. */
export const PRODUCER = 'urn:cartlake:pipeline';

const SCHEMA = 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent';

/** A part of a description with a schema of its own. */
export interface Facet {
    readonly _producer: string;
    readonly _schemaURL: string;
    readonly [field: string]: unknown;
}

export type Facets = Readonly<Record<string, Facet>>;

export interface EventJob {
    readonly namespace: string;
    readonly name: string;
    readonly facets?: Facets;
}

/** A dataset as a run read or wrote it. */
export interface EventDataset {
    readonly namespace: string;
    readonly name: string;
    readonly facets?: Facets;
    readonly inputFacets?: Facets;
    readonly outputFacets?: Facets;
}

/** A transition of a run, as OpenLineage 2-0-2 has it. */
export interface RunEvent {
    readonly eventType: 'START' | 'COMPLETE' | 'FAIL' | 'ABORT';
    readonly eventTime: IsoInstant;
    readonly producer: string;
    readonly schemaURL: string;
    readonly run: { readonly runId: string; readonly facets?: Facets };
    readonly job: EventJob;
    readonly inputs?: readonly EventDataset[];
    readonly outputs?: readonly EventDataset[];
}

/** A run by the name the pipeline has for it, such as `build-3-1/fct_events`; the same name gives the same id. */
export interface RunOfJob {
    readonly name: string;
    readonly job: EventJob;
    readonly facets?: Facets;
}

export type EventData = Pick<RunEvent, 'eventType' | 'eventTime' | 'inputs' | 'outputs'>;

/** One event of a run. */
export function runEvent({ name, job, facets }: RunOfJob, data: EventData): RunEvent {
    const { eventType, eventTime, ...datasets } = data;
    const run = { runId: runIdOf(name), ...(facets && { facets }) };
    return { eventType, eventTime, producer: PRODUCER, schemaURL: SCHEMA, run, job, ...datasets };
}

/** The same event of a lake that has a name of its own among others: of its jobs and tables, not of files elsewhere. */
export function inNamespace(event: RunEvent, namespace: string): RunEvent {
    const named = <Named extends { readonly namespace: string }>(each: Named): Named =>
        each.namespace === NAMESPACE ? { ...each, namespace } : each;
    const { run, inputs, outputs } = event;
    const { parent } = run.facets ?? {};
    const facets = parent && { ...run.facets, parent: { ...parent, job: named(parent.job as EventJob) } };
    return {
        ...event,
        run: { ...run, ...(facets && { facets }) },
        job: named(event.job),
        ...(inputs && { inputs: inputs.map(named) }),
        ...(outputs && { outputs: outputs.map(named) }),
    };
}

/** A name-based UUID (version 5 of RFC 9562, section 5.5) in a namespace of the pipeline's own. */
export function runIdOf(name: string): string {
    const bytes = createHash('sha1').update(RUNS).update(name).digest().subarray(0, 16);
    bytes[6] = ((bytes[6] as number) & 0x0f) | 0x50;
    bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
    const hex = bytes.toString('hex');
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** Chosen at random, once: the namespace of run ids. */
const RUNS = Buffer.from('8d1f1c2a6a5b4f0e9b1c3d7e2f4a6b90', 'hex');
