import type pg from 'pg';
import type { MartPublisher, PublishedMart, PublishMart, PublishRun } from '#core/publish/publisher.ts';
import { requirePublishable } from '#core/publish/validate.ts';
import { closeClient, openClient, type SessionLimits, serverOf } from './connection.ts';
import { toPipelineError } from './errors.ts';
import { writeLineage } from './mart-lineage.ts';
import { writeQuality } from './mart-quality.ts';
import { logPublished, preparePublishLog, publishLogExists, readPublished } from './publish-log.ts';
import { type LoadedMart, loadMart } from './publish-mart.ts';

/** Any number, the same for every publisher: `pg_advisory_xact_lock` makes publishers take turns. */
const PUBLISHER_LOCK = 7_241_889_063;

const LIMITS: SessionLimits = { statement: 15 * 60_000, lock: 60_000 };

/** One publisher runs at a time, so it may use more memory than the defaults: a fifth faster at a million rows. */
const BEGIN = `begin;
    set local work_mem = '64MB';
    set local maintenance_work_mem = '128MB';
    set local temp_buffers = '64MB'`;

async function publishInTransaction(
    client: pg.Client,
    run: PublishRun,
    at: (table: string) => void,
): Promise<PublishedMart[]> {
    await client.query(BEGIN);
    await client.query('select pg_advisory_xact_lock($1)', [PUBLISHER_LOCK]);
    await preparePublishLog(client);
    const current = await readPublished(client);
    const results = new Map<PublishMart, PublishedMart>();
    const apply = async (loaded: LoadedMart) => {
        at(loaded.mart.table);
        const result = await loaded.apply();
        if (!result.skipped) await logPublished(client, run.runId, loaded, result);
        results.set(loaded.mart, result);
    };
    const whole: LoadedMart[] = [];
    for (const [ordinal, mart] of run.marts.entries()) {
        at(mart.table);
        const loaded = await loadMart(client, mart, current.get(mart.table), ordinal);
        // Whole tables may be altered, which keeps readers out until the commit: that comes when all rows are here.
        // Changed rows keep no reader out, and are applied while those of the next table are computed.
        if (mart.change.kind === 'full') whole.push(loaded);
        else await apply(loaded);
    }
    for (const loaded of whole) await apply(loaded);
    await writeQuality(client, [...run.marts, ...(run.unchanged ?? [])]);
    const written = run.marts.filter((mart) => !results.get(mart)?.skipped);
    await writeLineage(client, run, written);
    await client.query('commit');
    return run.marts.flatMap((mart) => results.get(mart) ?? []);
}

/**
 * Publishes marts to the schema `marts` of a PostgreSQL database and keeps what is known of them in the schema
 * `cartlake`. One connection per call. When the connection breaks during the commit, repeating the run finds out
 * whether it was committed.
 *
 * The tables belong to the pipeline: columns and rows that others add to them go with the next full change.
 */
export function createPostgresPublisher(url: string, limits: SessionLimits = LIMITS): MartPublisher {
    const server = serverOf(url);

    async function publish(run: PublishRun): Promise<PublishedMart[]> {
        requirePublishable(run);
        if (run.marts.length === 0 && (run.unchanged ?? []).length === 0) return [];
        let table: string | undefined;
        const client = await openClient(url, limits);
        try {
            return await publishInTransaction(client, run, (name) => {
                table = name;
            });
        } catch (error) {
            throw toPipelineError(error, { server, table });
        } finally {
            // Also the rollback: a session that ends in the middle of a transaction leaves nothing of it.
            await closeClient(client);
        }
    }

    async function currentVersions(): Promise<Map<string, string>> {
        const client = await openClient(url, limits);
        try {
            const published = (await publishLogExists(client)) ? await readPublished(client) : new Map();
            return new Map([...published].map(([table, { versionId }]) => [table, versionId]));
        } catch (error) {
            throw toPipelineError(error, { server });
        } finally {
            await closeClient(client);
        }
    }

    return { publish, currentVersions };
}
