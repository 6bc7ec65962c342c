// Takes a deployment off the LocalStack that runs, with all that is in it: node scripts/destroy-local.ts [--stage dev]

import { createS3Client } from '#adapters/s3/client.ts';
import { emptyBucket } from '#adapters/s3/empty-bucket.ts';
import { PipelineError } from '#core/errors.ts';
import { readOptions, runCommand, say } from '#localstack/command-line.ts';
import { ACCOUNT, clientEnvironment, REGION } from '#localstack/environment.ts';
import { inventory } from '#localstack/inventory.ts';
import { requireServer } from '#localstack/server.ts';
import { stateFolder } from '#localstack/state.ts';
import { runCdk } from './cdk.ts';

await runCommand(async () => {
    const { stage } = readOptions({ stage: { type: 'string', default: 'dev' } });
    const state = stateFolder();
    const { port } = await requireServer(state);
    process.env = clientEnvironment(port);
    const name = `cartlake-${stage}`;
    const context = { stage, databaseUrl: 'postgres://nowhere/none' };
    // First what writes: a schedule or an execution that goes on would put something into a bucket that was emptied.
    runCdk(state, ['destroy', `${name}-pipeline`, '--force'], context);
    // CloudFormation says that a bucket is gone and leaves it when it holds something.
    const s3 = createS3Client();
    for (const purpose of ['landing', 'lake', 'logs']) {
        const removed = await emptyBucket(s3, `${name}-${purpose}-${ACCOUNT}-${REGION}`);
        say(`removed ${removed} objects of ${purpose}`);
    }
    s3.destroy();
    runCdk(state, ['destroy', '--all', '--force'], context);
    const left = (await inventory(port)).filter((each) => each.includes(name) || each.includes(`cartlake/${stage}/`));
    if (left.length > 0) throw new PipelineError(`The deployment is gone, but this is left:\n  ${left.join('\n  ')}`);
    say(`Nothing of ${name} is left. The CDK's bootstrap stack stays; it goes with npm run localstack:down.`);
});
