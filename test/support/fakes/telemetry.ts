import type { Telemetry } from '#lambdas/_chain/telemetry.ts';

/** Telemetry that remembers. */
export interface FakeTelemetry extends Telemetry {
    readonly lines: { level: string; message: string; fields: Readonly<Record<string, unknown>> }[];
    readonly measures: { name: string; value: number; unit: string; stage: string }[];
    flushes: number;
}

export function createFakeTelemetry(): FakeTelemetry {
    const telemetry: FakeTelemetry = {
        lines: [],
        measures: [],
        flushes: 0,
        log: (level, message, fields) => telemetry.lines.push({ level, message, fields }),
        measure: (name, value, unit, stage) => telemetry.measures.push({ name, value, unit, stage }),
        flush: () => {
            telemetry.flushes++;
        },
    };
    return telemetry;
}
