import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ValidateFunction } from 'ajv';
import { expect } from 'vitest';
import { z } from 'zod';
import type { Facet, RunEvent } from '#core/lineage/openlineage/event.ts';

/** A folder with the schemas as OpenLineage publishes them, for whoever has them; no npm package brings them. */
const PUBLISHED = process.env.CARTLAKE_OPENLINEAGE_SCHEMAS;

const uri = z.string().regex(/^[a-z][a-z0-9+.-]*:\S+$/i);
const instant = z.iso.datetime({ offset: true });
const place = { namespace: z.string(), name: z.string() };

/** Facets may say more than their schema names, and must say what it requires. */
const facet = (schema: string, fields: z.ZodRawShape) =>
    z.looseObject({
        _producer: uri,
        _schemaURL: z.literal(`https://openlineage.io/spec/facets/${schema}`),
        ...fields,
    });
const count = z.int();

const jobFacets = z.strictObject({
    jobType: facet('2-0-4/JobTypeJobFacet.json#/$defs/JobTypeJobFacet', {
        processingType: z.string(),
        integration: z.string(),
        jobType: z.string().optional(),
    }).optional(),
    documentation: facet('1-1-0/DocumentationJobFacet.json#/$defs/DocumentationJobFacet', {
        description: z.string(),
    }).optional(),
    sql: facet('1-1-0/SQLJobFacet.json#/$defs/SQLJobFacet', { query: z.string() }).optional(),
});

const runFacets = z.strictObject({
    parent: facet('1-2-0/ParentRunFacet.json#/$defs/ParentRunFacet', {
        run: z.looseObject({ runId: z.uuid() }),
        job: z.looseObject(place),
    }).optional(),
    errorMessage: facet('1-0-1/ErrorMessageRunFacet.json#/$defs/ErrorMessageRunFacet', {
        message: z.string(),
        programmingLanguage: z.string(),
        stackTrace: z.never().optional(),
    }).optional(),
});

const datasetFacets = z.strictObject({
    schema: facet('1-2-0/SchemaDatasetFacet.json#/$defs/SchemaDatasetFacet', {
        fields: z.array(z.looseObject({ name: z.string(), type: z.string() })),
    }).optional(),
    version: facet('1-0-1/DatasetVersionDatasetFacet.json#/$defs/DatasetVersionDatasetFacet', {
        datasetVersion: z.string(),
    }).optional(),
});

const inputFacets = z.strictObject({
    inputStatistics: facet('1-0-0/InputStatisticsInputDatasetFacet.json#/$defs/InputStatisticsInputDatasetFacet', {
        rowCount: count,
        size: count,
    }).optional(),
    dataQualityAssertions: facet(
        '1-1-0/DataQualityAssertionsDatasetFacet.json#/$defs/DataQualityAssertionsDatasetFacet',
        {
            assertions: z.array(
                z.looseObject({
                    assertion: z.string(),
                    success: z.boolean(),
                    severity: z.string(),
                    expected: z.string().optional(),
                    actual: z.string().optional(),
                }),
            ),
        },
    ).optional(),
});

const outputFacets = z.strictObject({
    outputStatistics: facet('1-0-2/OutputStatisticsOutputDatasetFacet.json#/$defs/OutputStatisticsOutputDatasetFacet', {
        rowCount: count,
        size: count.optional(),
    }).optional(),
    subset: facet('1-0-0/BaseSubsetDatasetFacet.json#/$defs/OutputSubsetOutputDatasetFacet', {
        outputCondition: z.looseObject({
            type: z.literal('partition'),
            partitions: z.array(z.looseObject({ dimensions: z.record(z.string(), z.string()) })),
        }),
    }).optional(),
});

/** What OpenLineage 2-0-2 asks of a run event, and what the schemas of the facets ask of those the pipeline writes. */
const runEvent = z.strictObject({
    eventType: z.enum(['START', 'RUNNING', 'COMPLETE', 'ABORT', 'FAIL', 'OTHER']),
    eventTime: instant,
    producer: uri,
    schemaURL: z.literal('https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent'),
    run: z.strictObject({ runId: z.uuid(), facets: runFacets.optional() }),
    job: z.strictObject({ ...place, facets: jobFacets.optional() }),
    inputs: z
        .array(z.strictObject({ ...place, facets: datasetFacets.optional(), inputFacets: inputFacets.optional() }))
        .optional(),
    outputs: z
        .array(z.strictObject({ ...place, facets: datasetFacets.optional(), outputFacets: outputFacets.optional() }))
        .optional(),
});

/** Fails unless each event is as OpenLineage has it, and each run has one START and one end after it. */
export async function expectOpenLineage(events: readonly RunEvent[]): Promise<void> {
    const published = PUBLISHED === undefined ? undefined : await publishedSchema(PUBLISHED);
    for (const event of events) {
        // As it travels: what JSON cannot say is not there.
        const sent: RunEvent = JSON.parse(JSON.stringify(event));
        expect(runEvent.safeParse(sent).error?.issues ?? [], JSON.stringify(event, null, 2)).toEqual([]);
        expect(published?.(sent) ?? [], JSON.stringify(event, null, 2)).toEqual([]);
    }
    const runs = Map.groupBy(events, ({ run }) => run.runId);
    for (const [first, last, ...more] of runs.values()) {
        expect([first?.eventType, more]).toEqual(['START', []]);
        expect(last?.eventType).toMatch(/^(COMPLETE|FAIL|ABORT)$/);
        expect(first?.eventTime.localeCompare(last?.eventTime ?? '')).toBeLessThanOrEqual(0);
        expect(first?.job.name).toBe(last?.job.name);
    }
}

/** The published schemas of events and facets, as a function that says what is wrong with one. */
async function publishedSchema(folder: string): Promise<(event: RunEvent) => unknown[]> {
    const { Ajv2020 } = await import('ajv/dist/2020.js');
    const { default: formats } = await import('ajv-formats');
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    formats.default(ajv);
    const read = async (file: string) => JSON.parse(await readFile(join(folder, file), 'utf8'));
    const core = await read('OpenLineage.json');
    ajv.addSchema(core);
    // A facet's file describes the object the facet stands in.
    const facets = new Map<string, ValidateFunction>();
    for (const file of await readdir(join(folder, 'facets'))) {
        facets.set(file, ajv.compile(await read(join('facets', file))));
    }
    const validate = ajv.getSchema(core.$id) as ValidateFunction;
    const faults = (check: ValidateFunction, value: unknown) => (check(value) ? [] : (check.errors ?? []));
    return (event) => [
        ...faults(validate, event),
        ...facetsOf(event).flatMap(([name, facet]) => {
            const check = facets.get(basename(new URL(facet._schemaURL).pathname));
            return check ? faults(check, { [name]: facet }) : [];
        }),
    ];
}

function facetsOf({ run, job, inputs = [], outputs = [] }: RunEvent): [string, Facet][] {
    const datasets = [...inputs, ...outputs].flatMap((each) => [each.facets, each.inputFacets, each.outputFacets]);
    return [run.facets, job.facets, ...datasets].flatMap((facets) => Object.entries(facets ?? {}));
}
