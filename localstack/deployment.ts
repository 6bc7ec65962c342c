import { connectDeployment, type Deployment } from '#adapters/aws/deployment.ts';
import { ACCOUNT, clientEnvironment, REGION } from './environment.ts';

/**
 * Connects to the deployment of a stage on LocalStack. From here on this process speaks to LocalStack alone: its AWS
 * settings are replaced. Nothing is asked yet, so a deployment that is not there shows at the first use.
 */
export function connectLocalDeployment(port: number, stage: string): Deployment {
    process.env = clientEnvironment(port);
    return connectDeployment({ stage, account: ACCOUNT, region: REGION });
}
