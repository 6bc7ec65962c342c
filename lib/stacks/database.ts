import { Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { InstanceType, type IVpc, Port, SecurityGroup, SubnetType } from 'aws-cdk-lib/aws-ec2';
import {
    Credentials,
    DatabaseInstance,
    DatabaseInstanceEngine,
    ParameterGroup,
    PostgresEngineVersion,
    StorageType,
} from 'aws-cdk-lib/aws-rds';
import type { Construct } from 'constructs';
import { closedNetwork } from '../constructs/closed-network.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { SIZES } from '../deployment/sizes.ts';
import { acknowledge } from '../nag/acknowledge.ts';
import { namesOf } from '../names.ts';

const ISOLATED = { subnetType: SubnetType.PRIVATE_ISOLATED } as const;

/** The PostgreSQL that marts are published to, in a network without a way out. */
export class DatabaseStack extends Stack {
    readonly vpc: IVpc;
    /** Whoever carries it reaches the database. */
    readonly clients: SecurityGroup;

    constructor(scope: Construct, id: string, { deployment, ...props }: StackProps & { deployment: Deployment }) {
        super(scope, id, props);
        const { stage } = deployment;
        const sizes = SIZES[stage];
        const isDev = stage === 'dev';
        const network = closedNetwork(this, 'Network', { logs: sizes.keep.functionLogs });
        this.vpc = network.vpc;
        this.clients = new SecurityGroup(this, 'Clients', {
            vpc: this.vpc,
            description: 'Reaches the database and the endpoints; there is nothing else to reach',
        });

        // The major version only: RDS then picks the minor one, and its own upgrades are no drift of the template.
        const engine = DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.VER_18 });
        const database = new DatabaseInstance(this, 'Instance', {
            engine,
            vpc: this.vpc,
            vpcSubnets: ISOLATED,
            databaseName: 'cartlake',
            credentials: Credentials.fromGeneratedSecret('cartlake', { secretName: namesOf(stage).databaseSecret }),
            instanceType: new InstanceType(sizes.database.instance),
            allocatedStorage: sizes.database.storageGb,
            maxAllocatedStorage: sizes.database.mostStorageGb,
            storageType: StorageType.GP3,
            storageEncrypted: true,
            multiAz: sizes.database.multiAz,
            backupRetention: sizes.database.backup,
            parameterGroup: new ParameterGroup(this, 'Parameters', { engine, parameters: { 'rds.force_ssl': '1' } }),
            cloudwatchLogsExports: ['postgresql'],
            copyTagsToSnapshot: true,
            deletionProtection: !isDev,
            removalPolicy: isDev ? RemovalPolicy.DESTROY : RemovalPolicy.SNAPSHOT,
        });
        database.connections.allowFrom(this.clients, Port.tcp(5432), 'publish');
        network.allowToEndpoints(this.clients, 'publish reads the secret');

        const rotators = new SecurityGroup(this, 'Rotators', { vpc: this.vpc, description: 'Rotates the password' });
        network.allowToEndpoints(rotators, 'rotation writes the secret');
        database.addRotationSingleUser({
            automaticallyAfter: Duration.days(30),
            vpcSubnets: ISOLATED,
            securityGroup: rotators,
        });

        acknowledge(database, 'AwsSolutions-RDS11', 'defaultPort');
        if (!sizes.database.multiAz) acknowledge(database, 'AwsSolutions-RDS3', 'devMultiAz');
        if (isDev) acknowledge(database, 'AwsSolutions-RDS10', 'devDeletion');
    }
}
