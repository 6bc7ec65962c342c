import { App, type AppProps, Tags, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { type Deployment, readDeployment } from './deployment/deployment.ts';
import { namesOf } from './names.ts';
import { DatabaseStack } from './stacks/database.ts';
import { PipelineStack } from './stacks/pipeline.ts';
import { QueryStack } from './stacks/query.ts';
import { StorageStack } from './stacks/storage.ts';

const CONTEXT_KEYS = [
    'target',
    'engine',
    'stage',
    'database',
    'databaseUrl',
    'architecture',
    'alarmEmail',
    'sources',
    'sourceUrl',
] as const;

/** The deployment that the context asks for, with the checks every synthesis runs. Throws UsageError for a wrong context. */
export function createApp(props?: AppProps): App {
    const app = new App(props);
    const context = Object.fromEntries(CONTEXT_KEYS.map((key) => [key, app.node.tryGetContext(key)]));
    addStacks(app, readDeployment(context));
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    return app;
}

/** Stacks that keep data do not change with the code; the one with the code can be destroyed and made again. */
function addStacks(app: App, deployment: Deployment): void {
    const { stacks } = namesOf(deployment.stage);
    const keeps = { deployment, terminationProtection: deployment.stage !== 'dev' && deployment.target === 'aws' };
    const storage = new StorageStack(app, stacks.storage, { ...keeps, description: 'Cartlake: buckets' });
    const database =
        deployment.database === 'rds'
            ? new DatabaseStack(app, stacks.database, { ...keeps, description: 'Cartlake: network and PostgreSQL' })
            : undefined;
    const pipeline = new PipelineStack(app, stacks.pipeline, {
        deployment,
        description: 'Cartlake: functions and state machines',
        ...(database && { network: { vpc: database.vpc, clients: database.clients } }),
    });
    pipeline.addStackDependency(storage);
    if (deployment.engine === 'athena') {
        const query = new QueryStack(app, stacks.query, { deployment, description: 'Cartlake: Athena' });
        query.addStackDependency(storage);
        pipeline.addStackDependency(query);
    }
    Tags.of(app).add('project', 'cartlake');
    Tags.of(app).add('stage', deployment.stage);
}
