import { describe, expect, it } from 'vitest';
import { STAGE_NAMES, STAGE_NEEDS, type StageName } from '#lambdas/_aws/permissions.ts';
import { flat, LOCAL_URL, resourcesOf, templateOf } from './synthesised.ts';

const prod = templateOf({ stage: 'prod' }, 'pipeline');
const functions = new Map(
    resourcesOf(prod, 'AWS::Lambda::Function').map(([, { Properties }]) => [Properties.FunctionName, Properties]),
);
const functionOf = (stage: StageName) => functions.get(`cartlake-prod-${stage}`);

/** Statements of the role of a stage, with references as text. */
function statementsOf(stage: StageName): { actions: string[]; resources: string[] }[] {
    const role = functionOf(stage).Role['Fn::GetAtt'][0];
    return resourcesOf(prod, 'AWS::IAM::Policy')
        .filter(([, { Properties }]) => Properties.Roles.some(({ Ref }: { Ref: string }) => Ref === role))
        .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement)
        .map(({ Action, Resource }) => ({ actions: [Action].flat(), resources: [Resource].flat().map(flat) }));
}

const may = (stage: StageName, action: string) =>
    statementsOf(stage)
        .filter(({ actions }) => actions.includes(action))
        .flatMap(({ resources }) => resources);

describe('functions', () => {
    it('are one a stage, on Node.js 24 and arm64, traced, each with a log group that ends', () => {
        expect([...functions.keys()].toSorted()).toEqual(STAGE_NAMES.map((name) => `cartlake-prod-${name}`).toSorted());
        for (const stage of STAGE_NAMES) {
            expect(functionOf(stage)).toMatchObject({
                Runtime: 'nodejs24.x',
                Architectures: ['arm64'],
                Handler: `${stage}.handler`,
                TracingConfig: { Mode: 'Active' },
            });
            prod.hasResourceProperties('AWS::Logs::LogGroup', {
                LogGroupName: `/aws/lambda/cartlake-prod-${stage}`,
                RetentionInDays: 90,
            });
        }
    });

    it('get memory and disk by what they do', () => {
        expect(functionOf('admit')).toMatchObject({ MemorySize: 512, Timeout: 300 });
        expect(functionOf('stage')).toMatchObject({
            MemorySize: 7_076,
            Timeout: 900,
            EphemeralStorage: { Size: 10_240 },
        });
        expect(functionOf('build')).toMatchObject({ MemorySize: 10_240, Timeout: 900 });
    });

    it('share one asset with DuckDB and one without', () => {
        const assetsOf = (withDuckdb: boolean) =>
            new Set(
                STAGE_NAMES.filter((stage) => (STAGE_NEEDS[stage].duckdb ?? false) === withDuckdb).map(
                    (stage) => functionOf(stage).Code.S3Key,
                ),
            );

        expect(assetsOf(true).size).toBe(1);
        expect(assetsOf(false).size).toBe(1);
    });

    it('stay outside of the network, but for publish', () => {
        const inside = STAGE_NAMES.filter((stage) => functionOf(stage).VpcConfig !== undefined);

        expect(inside).toEqual(['publish']);
        expect(functionOf('publish').Environment.Variables).toMatchObject({
            NODE_EXTRA_CA_CERTS: '/var/runtime/ca-cert.pem',
        });
    });

    it('reach an external database without a network', () => {
        const external = templateOf({ stage: 'prod', database: 'external' }, 'pipeline');
        for (const [, { Properties }] of resourcesOf(external, 'AWS::Lambda::Function')) {
            expect(Properties.VpcConfig).toBeUndefined();
            expect(Properties.Environment.Variables.NODE_EXTRA_CA_CERTS).toBeUndefined();
        }
        external.resourceCountIs('AWS::SecretsManager::Secret', 0);
    });
});

describe('roles', () => {
    it('hold no action with a wildcard, and * as a resource for tracing and network interfaces only', () => {
        for (const stage of STAGE_NAMES) {
            for (const { actions, resources } of statementsOf(stage)) {
                expect(actions.filter((action) => action.includes('*'))).toEqual([]);
                if (resources.includes('*')) expect(actions.join()).toMatch(/^(xray|ec2):[^:]*(,(xray|ec2):[^:]*)*$/);
            }
        }
    });

    it('write logs to the group of their function only', () => {
        for (const stage of STAGE_NAMES) {
            const group = `${stage[0]?.toUpperCase()}${stage.slice(1)}Logs`;

            expect(may(stage, 'logs:PutLogEvents')).toEqual([expect.stringMatching(`^<Functions${group}\\w+\\.Arn>$`)]);
        }
    });

    it('reach in the lake what the needs of the stage name', () => {
        const lake = 'arn:<AWS::Partition>:s3:::cartlake-prod-lake-<AWS::AccountId>-<AWS::Region>';

        expect(may('promote', 's3:DeleteObject')).toEqual([]);
        expect(may('report', 's3:PutObject')).toContain(`${lake}/reports/*`);
        for (const stage of STAGE_NAMES) {
            const written = (STAGE_NEEDS[stage].writes ?? []).map((place) => `${lake}/${place}`);
            for (const resource of may(stage, 's3:PutObject').filter((place) => !place.endsWith('/landing/*'))) {
                expect(written).toContain(resource.replace(/\/\*$/, ''));
            }
        }
    });

    it('let publish alone read the secret, by its name, where there are no sources', () => {
        const readers = STAGE_NAMES.filter((stage) => may(stage, 'secretsmanager:GetSecretValue').length > 0);

        expect(readers).toEqual(['publish']);
        expect(may('publish', 'secretsmanager:GetSecretValue')).toEqual([
            'arn:<AWS::Partition>:secretsmanager:<AWS::Region>:<AWS::AccountId>:secret:cartlake/prod/database-??????',
        ]);
    });

    it('are as wide on LocalStack as on AWS, without what AWS alone has', () => {
        const local = templateOf({ target: 'localstack', stage: 'dev', databaseUrl: LOCAL_URL }, 'pipeline');

        expect(resourcesOf(local, 'AWS::IAM::Role')).toHaveLength(resourcesOf(prod, 'AWS::IAM::Role').length);
        local.resourceCountIs('AWS::CloudWatch::Dashboard', 0);
        local.hasResourceProperties('AWS::SecretsManager::Secret', {
            Name: 'cartlake/dev/database',
            SecretString: JSON.stringify({ url: LOCAL_URL }),
        });
    });
});
