import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LOCAL_URL, templatesOf, withApp } from './synthesised.ts';

const STAGES = ['dev', 'staging', 'prod'] as const;

describe.each(STAGES)('stage %s', (stage) => {
    it.each([
        [{ target: 'aws', engine: 'duckdb' }, ['database', 'pipeline', 'storage']],
        [{ target: 'aws', engine: 'athena' }, ['database', 'pipeline', 'query', 'storage']],
        [{ target: 'aws', engine: 'athena', database: 'external' }, ['pipeline', 'query', 'storage']],
        [{ target: 'localstack', engine: 'duckdb', databaseUrl: LOCAL_URL }, ['pipeline', 'storage']],
    ])('%j gives %j', (context, stacks) => {
        expect([...templatesOf({ stage, ...context }).keys()].toSorted()).toEqual(stacks);
    });

    it('names contain the stage, so that stages live side by side in an account', () => {
        for (const template of templatesOf({ stage, engine: 'athena' }).values()) {
            const text = JSON.stringify(template.toJSON());
            for (const other of STAGES.filter((name) => name !== stage)) {
                expect(text).not.toMatch(new RegExp(`cartlake[-/_]${other}`));
            }
        }
    });
});

it('the rules of the CDK find no error and no warning in production', () => {
    withApp(
        { stage: 'prod', engine: 'athena' },
        (app) => {
            const { directory } = app.synth();
            const report = JSON.parse(readFileSync(join(directory, 'validation-report.json'), 'utf8')) as {
                pluginReports: { violations: unknown[] }[];
            };

            expect(report.pluginReports.flatMap(({ violations }) => violations)).toEqual([]);
        },
        true,
    );
});
