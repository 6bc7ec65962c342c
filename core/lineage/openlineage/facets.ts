import type { CheckResult } from '../../build/check.ts';
import type { Column } from '../../types.ts';
import { type Facet, type Facets, PRODUCER, type RunOfJob, runIdOf } from './event.ts';

/** The facets of the OpenLineage specification that the pipeline fills, each under its schema of July 2026. */
function facet(schema: string, fields: Readonly<Record<string, unknown>>): Facet {
    const name = schema.slice(schema.indexOf('/') + 1);
    const file = name.endsWith('SubsetOutputDatasetFacet') ? 'BaseSubsetDatasetFacet' : name;
    const version = schema.slice(0, schema.indexOf('/'));
    return {
        _producer: PRODUCER,
        _schemaURL: `https://openlineage.io/spec/facets/${version}/${file}.json#/$defs/${name}`,
        ...fields,
    };
}

/** The run that this one is a step of. */
export function parentFacet({ name, job }: RunOfJob): Facets {
    const parent = { run: { runId: runIdOf(name) }, job: { namespace: job.namespace, name: job.name } };
    return { parent: facet('1-2-0/ParentRunFacet', parent) };
}

/** Why a run failed: the sentence people see, never a stack trace. */
export function errorFacet(message: string): Facets {
    return { errorMessage: facet('1-0-1/ErrorMessageRunFacet', { message, programmingLanguage: 'TypeScript' }) };
}

export function jobTypeFacet(jobType: 'DAG' | 'INGEST' | 'MODEL' | 'CHECK'): Facets {
    const type = { processingType: 'BATCH', integration: 'CARTLAKE', jobType };
    return { jobType: facet('2-0-4/JobTypeJobFacet', type) };
}

export function documentationFacet(description: string): Facets {
    return { documentation: facet('1-1-0/DocumentationJobFacet', { description }) };
}

/** A statement over names of datasets. */
export function sqlFacet(query: string): Facets {
    return { sql: facet('1-1-0/SQLJobFacet', { query }) };
}

export function schemaFacet(columns: readonly Column[]): Facets {
    const fields = columns.map(({ name, type }) => ({ name, type }));
    return { schema: facet('1-2-0/SchemaDatasetFacet', { fields }) };
}

export function versionFacet(datasetVersion: string): Facets {
    return { version: facet('1-0-1/DatasetVersionDatasetFacet', { datasetVersion }) };
}

/** @param size in bytes */
export function readFacet(rowCount: number, size: number): Facets {
    return { inputStatistics: facet('1-0-0/InputStatisticsInputDatasetFacet', { rowCount, size }) };
}

/** @param size in bytes */
export function writtenFacet(rowCount: number, size?: number): Facets {
    const statistics = { rowCount, ...(size !== undefined && { size }) };
    return { outputStatistics: facet('1-0-2/OutputStatisticsOutputDatasetFacet', statistics) };
}

/** The dates of a table by date that a run wrote. */
export function datesFacet(column: string, dates: readonly string[]): Facets {
    const partitions = dates.map((date) => ({ dimensions: { [column]: date } }));
    const outputCondition = { type: 'partition', partitions };
    return { subset: facet('1-0-0/OutputSubsetOutputDatasetFacet', { outputCondition }) };
}

/** What the checks of a version said; a check that only warns has the severity `warn`. */
export function assertionsFacet(results: readonly CheckResult[]): Facets {
    const assertions = results.map(({ check, severity, status, observed, expected }) => ({
        assertion: check,
        success: status === 'pass',
        severity: severity === 'halt' ? 'error' : 'warn',
        ...(observed !== undefined && { actual: observed }),
        ...(expected !== undefined && { expected }),
    }));
    return { dataQualityAssertions: facet('1-1-0/DataQualityAssertionsDatasetFacet', { assertions }) };
}
