import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UsageError } from '#core/errors.ts';
import { scheduledSources } from '#lib/sources/scheduled.ts';
import { flat, LOCAL_URL, resourcesOf, templateOf } from './synthesised.ts';

const shop = templateOf({ stage: 'prod', sources: 'shop' }, 'pipeline');

describe('extracts by schedule', () => {
    it('are none until a server is named', () => {
        templateOf({ stage: 'prod' }, 'pipeline').resourceCountIs('AWS::Scheduler::Schedule', 0);
    });

    it('call the function with their dataset, in UTC, within ten minutes', () => {
        const schedules = resourcesOf(shop, 'AWS::Scheduler::Schedule').map(([, { Properties }]) => Properties);

        expect(schedules.map(({ Name }) => Name).toSorted()).toEqual([
            'cartlake-prod-extract-customers',
            'cartlake-prod-extract-products',
        ]);
        for (const { Name, Target, ...properties } of schedules) {
            expect(properties).toMatchObject({
                ScheduleExpression: 'cron(0 2 * * ? *)',
                ScheduleExpressionTimezone: 'UTC',
                FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 10 },
            });
            expect(JSON.parse(Target.Input)).toEqual({ dataset: Name.replace('cartlake-prod-extract-', '') });
            expect(flat(Target.Arn)).toMatch(/^<FunctionsExtract\w+\.Arn>$/);
        }
    });

    it('may call that function and do nothing else, for this account only', () => {
        const [[id, role] = ['', undefined]] = resourcesOf(shop, 'AWS::IAM::Role').filter(([, { Properties }]) =>
            JSON.stringify(Properties.AssumeRolePolicyDocument).includes('scheduler.amazonaws.com'),
        );
        const policies = resourcesOf(shop, 'AWS::IAM::Policy').filter(([, { Properties }]) =>
            JSON.stringify(Properties.Roles).includes(id),
        );
        const statements = policies.flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement);

        expect(role?.Properties.AssumeRolePolicyDocument.Statement[0].Condition).toEqual({
            StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
        });
        expect(statements.map(({ Action }) => Action)).toEqual(['lambda:InvokeFunction']);
        expect(flat(statements[0].Resource)).toMatch(/^<FunctionsExtract\w+\.Arn>$/);
    });

    it('find the secret of their server by its name, which nobody else may read', () => {
        const secret =
            'arn:<AWS::Partition>:secretsmanager:<AWS::Region>:<AWS::AccountId>:secret:cartlake/prod/sources/shop-??????';
        const readers = resourcesOf(shop, 'AWS::IAM::Policy').filter(([, { Properties }]) =>
            Properties.PolicyDocument.Statement.some(
                ({ Resource }: { Resource: unknown }) => flat(Resource) === secret,
            ),
        );

        expect(readers).toHaveLength(1);
        shop.hasResourceProperties('AWS::Lambda::Function', {
            FunctionName: 'cartlake-prod-extract',
            Timeout: 900,
            Environment: { Variables: { CARTLAKE_SOURCE_SECRETS: 'cartlake/prod/sources/' } },
        });
        shop.resourceCountIs('AWS::SecretsManager::Secret', 0);
    });

    it('have their secret made on LocalStack', () => {
        const context = {
            target: 'localstack',
            stage: 'dev',
            databaseUrl: LOCAL_URL,
            sources: 'shop',
            sourceUrl: LOCAL_URL,
        };
        templateOf(context, 'pipeline').hasResourceProperties('AWS::SecretsManager::Secret', {
            Name: 'cartlake/dev/sources/shop',
            SecretString: JSON.stringify({ url: LOCAL_URL }),
        });
    });
});

describe('scheduledSources', () => {
    it('refuses a server that no contract names', () => {
        expect(() => scheduledSources(['erp'])).toThrow(UsageError);
        expect(() => scheduledSources(['shop', 'erp'])).toThrow(
            'No contract extracts from erp. Servers of contracts: shop. Correct -c sources=...',
        );
    });

    it('says so when no contract names any', async () => {
        const empty = await mkdtemp(join(tmpdir(), 'cartlake-contracts-'));
        await writeFile(join(empty, 'readme.md'), '');
        expect(() => scheduledSources(['erp'], empty)).toThrow('Servers of contracts: none.');
    });
});
