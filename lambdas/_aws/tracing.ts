import { Tracer } from '@aws-lambda-powertools/tracer';
import type { Handler } from '../_chain/chain.ts';
import { METRICS } from './telemetry.ts';

/** Draws each invocation of a stage in X-Ray, and each request its AWS clients send. */
export interface Tracing {
    handler(handler: Handler): Handler;
    client<Client>(client: Client): Client;
}

export function createTracing(stage: string): Tracing {
    const tracer = new Tracer({ serviceName: METRICS.service });
    return {
        client: (client) => tracer.captureAWSv3Client(client),
        handler: (handler) => async (event, lambdaContext) => {
            const whole = tracer.getSegment();
            const part = whole?.addNewSubsegment(`## ${stage}`);
            if (part) tracer.setSegment(part);
            tracer.annotateColdStart();
            tracer.putAnnotation('stage', stage);
            try {
                return await handler(event, lambdaContext);
            } catch (error) {
                if (error instanceof Error) tracer.addErrorAsMetadata(error);
                throw error;
            } finally {
                part?.close();
                if (whole) tracer.setSegment(whole);
            }
        },
    };
}
