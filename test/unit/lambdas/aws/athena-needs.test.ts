import { describe, expect, it } from 'vitest';
import { type AthenaResources, athenaGrants } from '#lambdas/_aws/athena-needs.ts';
import { grantsOf } from '#lambdas/_aws/grants.ts';
import { STAGE_NAMES, type StageName } from '#lambdas/_aws/permissions.ts';
import { RESOURCES } from './pipeline-on-s3.ts';

const LAKE = RESOURCES.lakeBucketArn;
const glue = (name: string) => ({ database: `glue:database/${name}`, tables: `glue:table/${name}/*` });
const ATHENA: AthenaResources = {
    workgroupArn: 'athena:workgroup/shop',
    catalogArn: 'glue:catalog',
    defaultDatabaseArn: 'glue:database/default',
    tables: glue('shop'),
    workTables: glue('work'),
};
const may = (stage: StageName, action: string) =>
    athenaGrants(stage, LAKE, ATHENA)
        .filter(({ actions }) => actions.includes(action))
        .flatMap(({ resources }) => resources);
const who = (action: string) => STAGE_NAMES.filter((stage) => may(stage, action).length > 0);

describe('what stages may do with Athena', () => {
    it('is nothing where DuckDB computes', () => {
        for (const stage of STAGE_NAMES) {
            expect(athenaGrants(stage, LAKE, undefined)).toEqual([]);
            expect(JSON.stringify(grantsOf(stage, RESOURCES))).not.toMatch(/athena:|glue:|query-/);
        }
    });

    it('is to query for those who compute tables, in one workgroup', () => {
        expect(who('athena:StartQueryExecution')).toEqual(['build', 'check']);
        expect(may('check', 'athena:StartQueryExecution')).toEqual(['athena:workgroup/shop']);
    });

    it('is to make tables for queries in one database and to change those people read in another', () => {
        expect(may('build', 'glue:CreateTable')).toEqual(['glue:catalog', 'glue:database/work', 'glue:table/work/*']);
        expect(who('glue:UpdateTable')).toEqual(['promote', 'finish']);
        expect(may('promote', 'glue:UpdateTable')).toEqual(['glue:catalog', 'glue:database/shop', 'glue:table/shop/*']);
        expect(who('glue:BatchDeleteTable')).toEqual(['finish']);
        expect(may('finish', 'glue:BatchDeleteTable')).not.toContain('glue:table/shop/*');
    });

    it('is to write lists and results of queries, never tables from a check', () => {
        expect(may('check', 's3:PutObject')).toEqual([`${LAKE}/query-inputs/*`, `${LAKE}/query-results/*`]);
        expect(may('promote', 's3:PutObject')).toEqual([`${LAKE}/mirror/*`]);
        expect(may('check', 's3:ListMultipartUploadParts')).not.toContain(`${LAKE}/marts/*`);
    });
});
