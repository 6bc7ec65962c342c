/** Where a stage says what it does: structured log lines and counters, with the same words on every runtime. */
export interface Telemetry {
    log(level: 'info' | 'warn' | 'error', message: string, fields: Readonly<Record<string, unknown>>): void;
    /** A counter or a duration in milliseconds. */
    measure(name: string, value: number, unit: 'count' | 'milliseconds', stage: string): void;
    /** Sends what was measured; called once an invocation. */
    flush(): void;
}
