import { expect, it } from 'vitest';
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

it('there is no query stack with DuckDB', () => {
    expect(templatesOf({ stage: 'prod' }).has('query')).toBe(false);
});
