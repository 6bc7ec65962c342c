import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Telemetry } from '../_chain/telemetry.ts';
import type { StageName } from './permissions.ts';

/** Namespace and dimensions that alarms and dashboards look under. */
export const METRICS = { namespace: 'Cartlake', service: 'cartlake' } as const;

const UNITS = { count: MetricUnit.Count, milliseconds: MetricUnit.Milliseconds } as const;

/**
 * Log lines as JSON and measures in CloudWatch's embedded metric format, both on standard output. Measures have the
 * dimensions `service` and `stage`; the first invocation of a function's process also counts as `ColdStart`.
 */
export function createPowertoolsTelemetry(stage: StageName): Telemetry {
    const logger = new Logger({ serviceName: METRICS.service, persistentLogAttributes: { stage } });
    const metrics = new Metrics({
        namespace: METRICS.namespace,
        serviceName: METRICS.service,
        defaultDimensions: { stage },
    });
    return {
        log: (level, message, fields) => logger[level](message, fields),
        measure: (name, value, unit) => {
            metrics.addMetric(name, UNITS[unit], value);
        },
        flush() {
            metrics.captureColdStartMetric();
            metrics.publishStoredMetrics();
        },
    };
}
