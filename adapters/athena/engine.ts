import { randomUUID } from 'node:crypto';
import type { DataRow, LocalEngine, Statement, TableEngine } from '#core/build/ports.ts';
import { TransientError } from '#core/errors.ts';
import { type RemoteBuildParts, remoteBuild } from './remote-build.ts';
import { renderForAthena } from './render.ts';
import { DATES_PER_QUERY } from './statements.ts';

export interface AthenaEngineParts extends RemoteBuildParts {
    /** Writes the rows of TypeScript models, and the CSV that is published from a place Athena cannot be reached from. */
    readonly local: LocalEngine;
    /** Milliseconds that the query of a small result may take. */
    readonly mostWaitMs: number;
    sleep(ms: number): Promise<void>;
}

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5_000;

/** The SQL engine on Athena: builds take several calls, small results are waited for. */
export function createAthenaEngine(parts: AthenaEngineParts): TableEngine {
    const { queries, local } = parts;

    async function rows(statement: Statement): Promise<DataRow[]> {
        const id = await queries.start(await renderForAthena(statement, parts.tables), randomUUID());
        let waited = 0;
        for (let wait = FIRST_WAIT_MS; ; wait = Math.min(wait * 1.5, LONGEST_WAIT_MS)) {
            const status = await queries.poll(id);
            if (status.state === 'succeeded') return queries.rows(id);
            if (status.state === 'failed') throw status.error;
            if (waited >= parts.mostWaitMs) {
                await queries.stop(id);
                throw new TransientError(
                    `Athena query ${id} took longer than ${Math.round(parts.mostWaitMs / 1000)} s and was stopped. It is safe to try again.`,
                );
            }
            await parts.sleep(wait);
            waited += wait;
        }
    }

    return {
        // Athena's memory is not ours to spare, so that rows do not matter.
        limits: { rows: Number.POSITIVE_INFINITY, dates: DATES_PER_QUERY },
        build: (request) => remoteBuild(parts, request),
        rows,
        write: (...args) => local.write(...args),
        csv: (...args) => local.csv(...args),
    };
}
