import pg from 'pg';
import { coerceError, DataError, PipelineError, TransientError, UsageError } from '#core/errors.ts';

/** What was being done when an error came, for its message. */
export interface ErrorContext {
    /** `host:port/database`, never the password. */
    readonly server: string;
    /** Table being published, if any. */
    readonly table?: string | undefined;
}

const LOST = /^(Connection terminated|timeout expired|timeout exceeded|Client (was closed|has encountered))/;
const NETWORK = /^(ECONN\w+|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)$/;
const TLS = /SSL|TLS|CERT|self-signed/i;

function transientReason(code: string): string | undefined {
    if (code === '53100') return 'its disk is full; free space on it and try again';
    if (code === '53300') return 'it has no free connection; close some and try again';
    if (code === '55P03') {
        return 'a lock was not granted in time; end the long transaction that reads or writes the table and try again';
    }
    if (code === '57014')
        return 'the statement took longer than its time limit; try again when the server is less busy';
    if (/^(08|53|57P0|58|40|25P0[34])/.test(code)) {
        return 'it is stopping, starting or in trouble; try again once it is up';
    }
    return undefined;
}

function usageReason(code: string): string | undefined {
    if (/^28/.test(code)) return 'check user and password in the connection URL';
    if (code === '25006') return 'it takes no writes; name the primary, not a replica, in the connection URL';
    if (code === '3D000') return 'create the database, or name another one in the connection URL';
    if (code === '42501')
        return 'grant the user CREATE on the database and ownership of the schemas marts and cartlake';
    return undefined;
}

function dataAdvice(code: string): string {
    if (code === '2BP01' || code === '0A000') {
        return 'Drop what depends on the column (or select other columns in it), publish again, then create it again.';
    }
    if (code.startsWith('23'))
        return "The rows are not unique on the mart's key, or a key value is null: correct the model.";
    return "The rows do not fit the mart's columns: correct the model and build it again.";
}

function fromServer(error: pg.DatabaseError, context: ErrorContext): PipelineError {
    const code = error.code ?? '';
    const said = [error.message, error.detail?.replace(/\.$/, '')].filter(Boolean).join(' - ');
    const transient = transientReason(code);
    if (transient) {
        return new TransientError(`Postgres at ${context.server} said "${said}": ${transient}.`, { cause: error });
    }
    const usage = usageReason(code);
    if (code.startsWith('XX'))
        return new PipelineError(`Postgres at ${context.server} failed: ${said}`, { cause: error });
    if (usage) return new UsageError(`Postgres at ${context.server} said "${said}": ${usage}.`, { cause: error });
    // COPY names the column only in its context line: `COPY upserts_0, line 3, column amount: "x"`.
    const copied = /line (\d+)(?:, column (.+?):)?/.exec(error.where ?? '');
    const column = error.column ?? copied?.[2];
    const place = [
        context.table === undefined ? context.server : `marts.${context.table}`,
        column === undefined ? undefined : `column ${column}`,
        copied ? `row ${copied[1]}` : undefined,
    ].filter(Boolean);
    return new DataError(`${place.join(', ')}: ${said}. ${dataAdvice(code)}`, { cause: error });
}

/**
 * Sorts an error of the driver or the server into the pipeline's classes. Pipeline errors pass through.
 * What the server calls lost, stopping, full or locked is transient; wrong credentials are a usage error;
 * everything else it refuses is a data error that names table and column.
 */
export function toPipelineError(thrown: unknown, context: ErrorContext): PipelineError {
    if (thrown instanceof PipelineError) return thrown;
    if (thrown instanceof pg.DatabaseError) return fromServer(thrown, context);
    const error = coerceError(thrown);
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (NETWORK.test(code) || LOST.test(error.message)) {
        return new TransientError(
            `Postgres at ${context.server} cannot be reached or closed the connection (${error.message || code}). ` +
                'See that it runs and can be reached from here, then try again.',
            { cause: error },
        );
    }
    if (TLS.test(code) || TLS.test(error.message)) {
        return new UsageError(
            `Postgres at ${context.server}: no encrypted connection (${error.message}). Set sslmode in the URL: ` +
                'verify-full with sslrootcert=<file of the authority>, or disable for a server without TLS.',
            { cause: error },
        );
    }
    if (error.message.startsWith('SASL')) {
        return new UsageError(
            `Postgres at ${context.server} asks for a password (${error.message}). Put it in the connection URL.`,
            { cause: error },
        );
    }
    return new PipelineError(`Postgres at ${context.server}: ${error.message}`, { cause: error });
}
