import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
    FlowLogDestination,
    GatewayVpcEndpointAwsService,
    InterfaceVpcEndpointAwsService,
    IpAddresses,
    type ISecurityGroup,
    type IVpc,
    Port,
    SecurityGroup,
    SubnetType,
    Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { retentionOf } from './retention.ts';

export interface ClosedNetwork {
    readonly vpc: IVpc;
    allowToEndpoints(clients: ISecurityGroup, purpose: string): void;
}

/**
 * Two isolated subnets and no NAT gateway. A function in here needs S3 (a gateway endpoint, free) and Secrets
 * Manager (an interface endpoint, in two zones less than half the price of one NAT gateway); logs leave through Lambda
 * itself.
 */
export function closedNetwork(parent: Construct, id: string, { logs }: { logs: Duration }): ClosedNetwork {
    const scope = new Construct(parent, id);
    const network = new Vpc(scope, 'Vpc', {
        ipAddresses: IpAddresses.cidr('10.0.0.0/24'),
        maxAzs: 2,
        natGateways: 0,
        subnetConfiguration: [{ name: 'isolated', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 26 }],
        gatewayEndpoints: { S3: { service: GatewayVpcEndpointAwsService.S3 } },
    });
    network.addFlowLog('Flow', {
        destination: FlowLogDestination.toCloudWatchLogs(
            new LogGroup(scope, 'FlowLogs', { retention: retentionOf(logs), removalPolicy: RemovalPolicy.DESTROY }),
        ),
    });
    // The classes of the CDK leave undefined in optional properties, which the compiler is told to mind.
    const vpc = network as IVpc;
    const endpoints = new SecurityGroup(scope, 'Endpoints', {
        vpc,
        description: 'Interface endpoints',
        allowAllOutbound: false,
    });
    network.addInterfaceEndpoint('SecretsManager', {
        service: InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
        securityGroups: [endpoints],
        open: false,
    });
    return {
        vpc,
        allowToEndpoints: (clients, purpose) => endpoints.addIngressRule(clients, Port.tcp(443), purpose),
    };
}
