import { describe, expect, it } from 'vitest';
import { LOCAL_URL, synthesisOf, templatesOf } from './synthesised.ts';

const STAGES = ['dev', 'staging', 'prod'] as const;

describe.each(STAGES)('stage %s', (stage) => {
    it.each([
        [{ target: 'aws', engine: 'duckdb' }, ['database', 'pipeline', 'storage']],
        [{ target: 'aws', engine: 'athena' }, ['database', 'pipeline', 'query', 'storage']],
        [{ target: 'aws', engine: 'athena', database: 'external' }, ['pipeline', 'query', 'storage']],
        [{ target: 'localstack', engine: 'duckdb', databaseUrl: LOCAL_URL }, ['pipeline', 'storage']],
    ])('%j gives %j, and no rule of the CDK or of cdk-nag minds', (context, stacks) => {
        const { templates, violations } = synthesisOf({ stage, ...context });

        expect([...templates.keys()].toSorted()).toEqual(stacks);
        expect(violations).toEqual([]);
    });

    it('names contain the stage, so that stages live side by side in an account', () => {
        for (const template of templatesOf({ stage, target: 'aws', engine: 'athena' }).values()) {
            const text = JSON.stringify(template.toJSON());
            for (const other of STAGES.filter((name) => name !== stage)) {
                expect(text).not.toMatch(new RegExp(`cartlake[-/_]${other}`));
            }
        }
    });
});
