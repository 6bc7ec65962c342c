import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseContracts } from '#core/contracts/parse.ts';
import type { ContractSource } from '#core/contracts/source.ts';
import { UsageError } from '#core/errors.ts';

const ROOT = join(import.meta.dirname, '..', '..');

/** A dataset that is extracted by schedule. */
export interface ScheduledSource {
    readonly dataset: string;
    /** An expression of EventBridge Scheduler, in UTC. */
    readonly schedule: string;
}

/**
 * Datasets of the project whose contracts name one of these servers and a schedule, by name.
 *
 * @throws UsageError when no contract names one of the servers
 */
export function scheduledSources(servers: readonly string[], folder = join(ROOT, 'contracts')): ScheduledSource[] {
    if (servers.length === 0) return [];
    const files = globSync('*.odcs.yaml', { cwd: folder }).sort();
    const contracts = parseContracts(files.map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') })));
    const sources = [...contracts.values()].flatMap(({ dataset, source }) => (source ? [{ dataset, source }] : []));
    const known = new Set(sources.map(({ source }) => source.server));
    const unknown = servers.filter((server) => !known.has(server));
    if (unknown.length > 0) {
        throw new UsageError(
            `No contract extracts from ${unknown.join(', ')}. Servers of contracts: ${[...known].join(', ') || 'none'}. Correct -c sources=...`,
        );
    }
    const isScheduled = ({ server, schedule }: ContractSource) => servers.includes(server) && schedule !== undefined;
    return sources
        .filter(({ source }) => isScheduled(source))
        .map(({ dataset, source }) => ({ dataset, schedule: source.schedule as string }));
}
