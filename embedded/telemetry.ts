import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Telemetry } from '#lambdas/_chain/telemetry.ts';

/** Structured log lines and measures in `logs/<date>.jsonl` of the lake. A full disk silences it. */
export function createFileTelemetry(lake: string): Telemetry {
    const folder = join(lake, 'logs');
    let isReady = false;
    const append = (line: object) => {
        const at = new Date().toISOString();
        try {
            if (!isReady) mkdirSync(folder, { recursive: true });
            isReady = true;
            appendFileSync(join(folder, `${at.slice(0, 10)}.jsonl`), `${JSON.stringify({ at, ...line })}\n`);
        } catch {
            // What the log would say also stands in the ledger and in the execution's history.
        }
    };
    return {
        log: (level, message, fields) => append({ level, message, ...fields }),
        measure: (name, value, unit, stage) => append({ measure: name, value, unit, stage }),
        flush: () => undefined,
    };
}
