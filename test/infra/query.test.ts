import { describe, expect, it } from 'vitest';
import { flat, resourcesOf, templateOf, templatesOf } from './synthesised.ts';

const template = templateOf({ stage: 'prod', engine: 'athena' }, 'query');

it('queries are cut off, encrypted, and cannot be told otherwise by clients', () => {
    const [[, workgroup] = []] = resourcesOf(template, 'AWS::Athena::WorkGroup');

    expect(workgroup?.Properties.Name).toBe('cartlake-prod');
    expect(workgroup?.Properties.WorkGroupConfiguration).toMatchObject({
        BytesScannedCutoffPerQuery: 1e12,
        EnforceWorkGroupConfiguration: true,
        ResultConfiguration: { EncryptionConfiguration: { EncryptionOption: 'SSE_S3' } },
    });
    expect(flat(workgroup?.Properties.WorkGroupConfiguration.ResultConfiguration.OutputLocation)).toBe(
        's3://cartlake-prod-lake-<AWS::AccountId>-<AWS::Region>/query-results/',
    );
});

it('tables stand in a database of the stage', () => {
    template.hasResourceProperties('AWS::Glue::Database', { DatabaseInput: { Name: 'cartlake_prod' } });
});

it('tables of queries stand in another', () => {
    template.hasResourceProperties('AWS::Glue::Database', { DatabaseInput: { Name: 'cartlake_prod_work' } });
});

describe('the pipeline with Athena', () => {
    const pipeline = templateOf({ stage: 'prod', engine: 'athena' }, 'pipeline');
    const variablesOf = (stage: string) =>
        resourcesOf(pipeline, 'AWS::Lambda::Function').find(
            ([, { Properties }]) => Properties.FunctionName === `cartlake-prod-${stage}`,
        )?.[1].Properties.Environment.Variables;

    it('tells the stages that need it where', () => {
        for (const stage of ['build', 'check', 'promote', 'finish']) {
            expect(variablesOf(stage)).toMatchObject({
                CARTLAKE_ENGINE: 'athena',
                CARTLAKE_WORKGROUP: 'cartlake-prod',
                CARTLAKE_GLUE_DATABASE: 'cartlake_prod',
                CARTLAKE_WORK_DATABASE: 'cartlake_prod_work',
            });
        }
        expect(variablesOf('publish').CARTLAKE_WORKGROUP).toBeUndefined();
    });

    it('lets stages query in its workgroup and use its databases, by their names', () => {
        const statements = resourcesOf(pipeline, 'AWS::IAM::Policy')
            .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement)
            .map(({ Action, Resource }) => ({ actions: [Action].flat(), resources: [Resource].flat().map(flat) }));
        const may = (action: string) =>
            statements.filter(({ actions }) => actions.includes(action)).flatMap(({ resources }) => resources);
        const here = '<AWS::Region>:<AWS::AccountId>';

        expect(new Set(may('athena:StartQueryExecution'))).toEqual(
            new Set([`arn:<AWS::Partition>:athena:${here}:workgroup/cartlake-prod`]),
        );
        expect(new Set(may('glue:UpdateTable'))).toEqual(
            new Set(
                ['catalog', 'database/cartlake_prod', 'table/cartlake_prod/*'].map(
                    (name) => `arn:<AWS::Partition>:glue:${here}:${name}`,
                ),
            ),
        );
    });
});

it('there is no query stack with DuckDB', () => {
    expect(templatesOf({ stage: 'prod' }).has('query')).toBe(false);
});
