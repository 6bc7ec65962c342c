import { readFile } from 'node:fs/promises';
import type { Cost } from './samples.ts';

/** Starts a clock in this process; the function it returns reads what was spent since. */
export function startClock(): () => Promise<Cost> {
    const startedAt = performance.now();
    const before = process.cpuUsage();
    return async () => {
        const seconds = (performance.now() - startedAt) / 1000;
        const { user, system } = process.cpuUsage(before);
        return { seconds, cpuSeconds: (user + system) / 1e6, peakBytes: await peakBytes() };
    };
}

/**
 * Most memory this process ever held. Linux says so in VmHWM; `maxRSS` there starts at what the parent held when it
 * forked, so it serves only where there is no /proc.
 */
async function peakBytes(): Promise<number> {
    const status = await readFile('/proc/self/status', 'utf8').catch(() => '');
    const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
    return (kilobytes === undefined ? process.resourceUsage().maxRSS : Number(kilobytes)) * 1024;
}
