import { join } from 'node:path';
import { connectDeployment, type Deployment, findAccount } from '#adapters/aws/deployment.ts';
import { UsageError } from '#core/errors.ts';
import { loadProject, PROJECT_ROOT, type Project } from '#embedded/project.ts';
import { connectLocalDeployment } from '#localstack/deployment.ts';
import { requireServer } from '#localstack/server.ts';
import { stateFolder } from '#localstack/state.ts';
import type { Target } from '../globals.ts';

/** A deployed pipeline and this project's contracts and models, which are taken for those that were deployed. */
export type DeployedPipeline = Deployment & Project;

/** Connects to a target, lets `work` use it, and ends the connections however that ends. */
export async function useDeployment<T>(target: Target, work: (pipeline: DeployedPipeline) => Promise<T>): Promise<T> {
    const project = await loadProject(join(PROJECT_ROOT, 'contracts'), join(PROJECT_ROOT, 'models'));
    const deployment = await connect(target);
    try {
        return await work({ ...deployment, ...project });
    } finally {
        deployment.close();
    }
}

async function connect({ name, stage }: Target): Promise<Deployment> {
    if (name === 'localstack') return connectLocalDeployment((await requireServer(stateFolder())).port, stage);
    const region = process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION;
    if (!region) throw new UsageError('Say which region the pipeline is in: AWS_REGION=eu-central-1 cartlake ...');
    return connectDeployment({ stage, region, account: await findAccount(stage, region) });
}

/** How a target is called in what is shown. */
export function titleOf({ name, stage }: Target): string {
    return `Pipeline cartlake-${stage} on ${name === 'aws' ? 'AWS' : 'LocalStack'}`;
}
