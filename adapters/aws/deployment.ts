import type { S3Client } from '@aws-sdk/client-s3';
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import type { Catalog } from '#core/catalog/catalog.ts';
import { createCatalog } from '#core/catalog/catalog.ts';
import { UsageError } from '#core/errors.ts';
import type { ExecutionLog } from '#core/execution/execution-log.ts';
import type { Executions } from '#core/execution/executions.ts';
import { createLedger, type Ledger } from '#core/ledger/ledger.ts';
import type { BlobStore, ControlStore, LandingStore } from '#core/store/ports.ts';
import type { OldFiles } from '#core/vacuum/ports.ts';
import { createS3Blobs } from '../s3/blobs.ts';
import { createS3Client } from '../s3/client.ts';
import { createS3Control } from '../s3/control.ts';
import { type Landed, listLanded } from '../s3/landed.ts';
import { createS3Landing } from '../s3/landing.ts';
import { createS3OldFiles } from '../s3/old-files.ts';
import { createSfnClient } from '../stepfunctions/client.ts';
import { createSfnExecutionLog } from '../stepfunctions/execution-log.ts';
import { createSfnExecutions } from '../stepfunctions/executions.ts';
import { ask } from './failure.ts';

/** A deployed pipeline as somebody outside of it reaches it: its stores and its state machines. */
export interface Deployment {
    /** `cartlake-<stage>`, what every name of it begins with. */
    readonly name: string;
    readonly landing: LandingStore;
    readonly blobs: BlobStore;
    /** Its blobs by age. */
    readonly files: OldFiles;
    readonly control: ControlStore;
    readonly ledger: Ledger;
    readonly catalog: Catalog;
    readonly executions: Executions;
    readonly log: ExecutionLog;
    /** What lies in the landing bucket, the oldest first, whether the ledger knows it or not. */
    landed(): Promise<Landed[]>;
    /** The address of a blob: `s3://bucket/key`. */
    uriOf(key: string): string;
    /** Ends the connections. */
    close(): void;
}

/** Where the pipeline of a stage was deployed to. */
export interface DeploymentPlace {
    readonly stage: string;
    readonly account: string;
    readonly region: string;
}

/** Connects by the environment's AWS settings. Nothing is asked yet: what is not there shows at the first use. */
export function connectDeployment({ stage, account, region }: DeploymentPlace): Deployment {
    const name = `cartlake-${stage}`;
    const bucket = (purpose: string) => `${name}-${purpose}-${account}-${region}`;
    const machine = (purpose: string) =>
        `arn:${partitionOf(region)}:states:${region}:${account}:stateMachine:${name}-${purpose}`;
    const machines = { ingest: machine('ingest'), build: machine('build'), replay: machine('replay') };
    const s3 = createS3Client();
    const sfn = createSfnClient();
    const control = createS3Control(s3, bucket('lake'));
    const blobs = createS3Blobs(s3, bucket('lake'));
    return {
        name,
        control,
        blobs,
        files: createS3OldFiles(s3, bucket('lake')),
        landing: createS3Landing(s3, bucket('landing')),
        ledger: createLedger(control, () => new Date().toISOString()),
        catalog: createCatalog(control, blobs),
        executions: createSfnExecutions(sfn, machines),
        log: createSfnExecutionLog(sfn, machines),
        landed: () => listLanded(s3, bucket('landing')),
        uriOf: (key) => `s3://${bucket('lake')}/${key}`,
        close() {
            s3.destroy();
            sfn.destroy();
        },
    };
}

/**
 * Finds the account a stage was deployed to in a region, by the name of its bucket.
 *
 * @throws UsageError when there is no such deployment, or no right to see it
 */
export async function findAccount(
    stage: string,
    region: string,
    client: Pick<S3Client, 'send'> = createS3Client(),
): Promise<string> {
    const Prefix = `cartlake-${stage}-lake-`;
    const list = new ListBucketsCommand({ Prefix });
    const { Buckets = [] } = await ask({ action: 's3:ListAllMyBuckets', on: 'the account' }, () =>
        (client as S3Client).send(list),
    );
    for (const { Name = '' } of Buckets) {
        const [, account] = /^(\d{12})-(.+)$/.exec(Name.startsWith(Prefix) ? Name.slice(Prefix.length) : '') ?? [];
        if (account !== undefined && Name === `${Prefix}${account}-${region}`) return account;
    }
    throw new UsageError(
        `No deployment of the stage ${stage} in ${region}: there is no bucket ${Prefix}<account>-${region}. ` +
            'Name another with --stage, choose the region and account by the AWS settings of your shell, or deploy it (docs/deploy.md).',
    );
}

function partitionOf(region: string): string {
    if (region.startsWith('cn-')) return 'aws-cn';
    return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
