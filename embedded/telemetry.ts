import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Telemetry } from '#lambdas/_chain/telemetry.ts';

/**
 * Structured log lines and measures in `logs/<date>.jsonl` of the lake, those of an invocation written at once. A full
 * disk silences it.
 */
export function createFileTelemetry(lake: string): Telemetry {
    const folder = join(lake, 'logs');
    let isReady = false;
    let lines = '';
    const add = (line: object) => {
        lines += `${JSON.stringify({ at: new Date().toISOString(), ...line })}\n`;
    };
    return {
        log: (level, message, fields) => add({ level, message, ...fields }),
        measure: (name, value, unit, stage) => add({ measure: name, value, unit, stage }),
        flush() {
            const written = lines;
            lines = '';
            try {
                if (!isReady) mkdirSync(folder, { recursive: true });
                isReady = true;
                appendFileSync(join(folder, `${new Date().toISOString().slice(0, 10)}.jsonl`), written);
            } catch {
                // What the log would say also stands in the ledger and in the execution's history.
            }
        },
    };
}
