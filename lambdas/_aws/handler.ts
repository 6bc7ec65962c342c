import { coerceError, PipelineError } from '#core/errors.ts';
import type { Admission } from '#core/ingest/admit.ts';
import { type Handler, handlerOf, type Stage } from '../_chain/chain.ts';
import type { Telemetry } from '../_chain/telemetry.ts';
import { type AwsContext, createContext } from './context.ts';
import { readEnvironment } from './environment.ts';
import { awsServices } from './outside.ts';
import { STAGE_NAMES, type StageName } from './permissions.ts';
import { createPowertoolsTelemetry } from './telemetry.ts';

/**
 * A stage as AWS Lambda runs it: context, log and metrics are made once, when the module is loaded.
 *
 * @throws UsageError when the environment or the project's files are wrong: the function does not start
 */
export async function awsHandler<Input, Output>(stage: Stage<AwsContext, Input, Output>): Promise<Handler> {
    const name = stageName(stage.name);
    const telemetry = createPowertoolsTelemetry(name);
    const environment = readEnvironment(name, process.env);
    // X-Ray's library takes a tenth of a second to load, so it is opt-in.
    const tracing = environment.POWERTOOLS_TRACE_ENABLED
        ? (await import('./tracing.ts')).createTracing(name)
        : undefined;
    const context = await createContext(name, environment, awsServices(tracing?.client));
    const handler = handlerOf(stage, { ...context, ...listeners(telemetry) }, telemetry);
    return tracing?.handler(handler) ?? handler;
}

/** What became of each object of a queue's batch; the chain's own log line tells of the batch only. */
function listeners(telemetry: Telemetry) {
    return {
        onAdmission: (admission: Admission) => telemetry.log('info', `admission: ${admission.outcome}`, { admission }),
        onFailure: (thrown: unknown) => {
            const error = coerceError(thrown);
            telemetry.log('error', `admission failed: ${error.message}`, { error: error.name, stack: error.stack });
        },
    };
}

function stageName(name: string): StageName {
    const known = STAGE_NAMES.find((stage) => stage === name);
    if (known === undefined) {
        throw new PipelineError(`The stage ${name} has no needs. Add it to STAGE_NEEDS (lambdas/_aws/permissions.ts).`);
    }
    return known;
}
