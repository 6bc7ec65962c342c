import { createS3Blobs } from '#adapters/s3/blobs.ts';
import { createS3Client } from '#adapters/s3/client.ts';
import { createS3Control } from '#adapters/s3/control.ts';
import { createS3Landing } from '#adapters/s3/landing.ts';
import { createSfnClient } from '#adapters/stepfunctions/client.ts';
import { createSfnExecutionLog } from '#adapters/stepfunctions/execution-log.ts';
import type { ExecutionLog } from '#core/execution/execution-log.ts';
import { createLedger, type Ledger } from '#core/ledger/ledger.ts';
import type { BlobStore, ControlStore, LandingStore } from '#core/store/ports.ts';
import { ACCOUNT, clientEnvironment, REGION } from './environment.ts';

/** What a person can look at of a pipeline that was deployed to LocalStack. */
export interface LocalDeployment {
    /** `cartlake-<stage>`, what every name of it begins with. */
    readonly name: string;
    readonly landing: LandingStore;
    readonly blobs: BlobStore;
    readonly control: ControlStore;
    readonly ledger: Ledger;
    readonly log: ExecutionLog;
    /** Ends the connections. */
    close(): void;
}

/**
 * Connects to the deployment of a stage. From here on this process speaks to LocalStack alone: its AWS settings are
 * replaced. Nothing is asked yet, so a deployment that is not there shows at the first use.
 */
export function connectDeployment(port: number, stage: string): LocalDeployment {
    process.env = clientEnvironment(port);
    const name = `cartlake-${stage}`;
    const bucket = (purpose: string) => `${name}-${purpose}-${ACCOUNT}-${REGION}`;
    const machine = (purpose: string) => `arn:aws:states:${REGION}:${ACCOUNT}:stateMachine:${name}-${purpose}`;
    const s3 = createS3Client();
    const sfn = createSfnClient();
    const control = createS3Control(s3, bucket('lake'));
    return {
        name,
        control,
        landing: createS3Landing(s3, bucket('landing')),
        blobs: createS3Blobs(s3, bucket('lake')),
        ledger: createLedger(control, () => new Date().toISOString()),
        log: createSfnExecutionLog(sfn, { ingest: machine('ingest'), build: machine('build') }),
        close() {
            s3.destroy();
            sfn.destroy();
        },
    };
}
