import pg from 'pg';
import { PipelineError, TransientError, UsageError } from '#core/errors.ts';
import { toPipelineError } from './errors.ts';

/** Time limits of a session, in milliseconds. */
export interface SessionLimits {
    /** For one statement, a COPY included. */
    readonly statement: number;
    /** For waiting on a lock. */
    readonly lock: number;
}

const CONNECT_MS = 10_000;
/** A session whose client vanished without closing gives its locks back after this time. */
const IDLE_MS = 600_000;

/**
 * Where a URL leads, without its credentials: `host:port/database`.
 *
 * @throws UsageError when it is no postgres:// URL
 */
export function serverOf(url: string): string {
    const parsed = URL.canParse(url) ? new URL(url) : undefined;
    if (parsed === undefined || !/^postgres(ql)?:$/.test(parsed.protocol)) {
        throw new UsageError(
            'A connection URL looks like postgres://user:password@host:5432/database (with %-escapes for special ' +
                'characters in the password); what was given is none.',
        );
    }
    return `${parsed.hostname || 'localhost'}:${parsed.port || '5432'}${parsed.pathname}`;
}

/**
 * Opens one connection. TLS follows the URL's `sslmode` (`sslrootcert` names a file of authorities, as RDS needs).
 * The caller ends it with `client.end()`, which also rolls an open transaction back.
 *
 * @throws TransientError when the server cannot be reached; UsageError when it refuses the credentials
 */
export async function openClient(url: string, limits: SessionLimits): Promise<pg.Client> {
    const server = serverOf(url);
    try {
        const client = new pg.Client({
            connectionString: url,
            application_name: 'cartlake',
            connectionTimeoutMillis: CONNECT_MS,
            keepAlive: true,
            statement_timeout: limits.statement,
            lock_timeout: limits.lock,
            idle_in_transaction_session_timeout: IDLE_MS,
        });
        // A connection that breaks while idle emits `error`; the next query reports it, so nothing is lost here.
        client.on('error', () => undefined);
        await client.connect();
        return client;
    } catch (error) {
        throw toPipelineError(error, { server });
    }
}

/** Ends a connection whatever state it is in; a connection that broke is no error here. */
export async function closeClient(client: pg.Client): Promise<void> {
    await client.end().catch(() => undefined);
}

/**
 * Whether a server accepts connections at this URL now; false while it starts, stops or is away.
 *
 * @throws UsageError when it answers but refuses the credentials
 */
export async function acceptsConnections(url: string): Promise<boolean> {
    try {
        const client = await openClient(url, { statement: CONNECT_MS, lock: CONNECT_MS });
        await closeClient(client);
        return true;
    } catch (error) {
        if (error instanceof TransientError) return false;
        throw error instanceof PipelineError ? error : toPipelineError(error, { server: serverOf(url) });
    }
}
