import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { resourcesOf, templateOf, templatesOf } from './synthesised.ts';

const prod = templateOf({ stage: 'prod' }, 'database');
const dev = templateOf({ stage: 'dev' }, 'database');

describe('the database', () => {
    it('is PostgreSQL 18, encrypted, private, and spoken to by TLS only', () => {
        prod.hasResourceProperties('AWS::RDS::DBInstance', {
            Engine: 'postgres',
            EngineVersion: '18',
            StorageEncrypted: true,
            PubliclyAccessible: false,
        });
        prod.hasResourceProperties('AWS::RDS::DBParameterGroup', { Parameters: { 'rds.force_ssl': '1' } });
    });

    it('has a secret under the name that publish reads, rotated each month', () => {
        prod.hasResourceProperties('AWS::SecretsManager::Secret', { Name: 'cartlake/prod/database' });
        prod.hasResourceProperties('AWS::SecretsManager::RotationSchedule', {
            RotationRules: { ScheduleExpression: 'rate(30 days)' },
        });
    });

    it('survives its stack in production, and goes with it in dev', () => {
        prod.hasResource('AWS::RDS::DBInstance', {
            DeletionPolicy: 'Snapshot',
            Properties: { DeletionProtection: true, MultiAZ: true, BackupRetentionPeriod: 14 },
        });
        dev.hasResource('AWS::RDS::DBInstance', {
            DeletionPolicy: 'Delete',
            Properties: { DeletionProtection: false, MultiAZ: false, BackupRetentionPeriod: 1 },
        });
    });

    it('is reached from the clients and the rotation only', () => {
        const rules = resourcesOf(prod, 'AWS::EC2::SecurityGroupIngress').filter(([id]) => id.startsWith('Instance'));

        expect(rules.map(([, { Properties }]) => Properties.SourceSecurityGroupId['Fn::GetAtt'][0])).toEqual([
            expect.stringMatching(/^Clients/),
            expect.stringMatching(/^Rotators/),
        ]);
        for (const [, { Properties }] of resourcesOf(prod, 'AWS::EC2::SecurityGroup')) {
            expect(Properties.SecurityGroupIngress).toBeUndefined();
        }
    });
});

describe('its network', () => {
    it('has two isolated subnets and no way out', () => {
        prod.resourceCountIs('AWS::EC2::Subnet', 2);
        for (const type of ['AWS::EC2::NatGateway', 'AWS::EC2::InternetGateway', 'AWS::EC2::EIP']) {
            prod.resourceCountIs(type, 0);
        }
    });

    it('reaches S3 through a gateway and Secrets Manager through an interface', () => {
        prod.resourceCountIs('AWS::EC2::VPCEndpoint', 2);
        prod.hasResourceProperties('AWS::EC2::VPCEndpoint', { VpcEndpointType: 'Gateway' });
        prod.hasResourceProperties('AWS::EC2::VPCEndpoint', {
            VpcEndpointType: 'Interface',
            PrivateDnsEnabled: true,
            ServiceName: Match.objectLike({ 'Fn::Join': Match.anyValue() }),
        });
    });

    it('keeps a log of its flows', () => {
        prod.hasResourceProperties('AWS::EC2::FlowLog', { TrafficType: 'ALL' });
    });
});

it('there is no database stack where the database is external', () => {
    expect([...templatesOf({ stage: 'dev', database: 'external' }).keys()].toSorted()).toEqual(['pipeline', 'storage']);
});
