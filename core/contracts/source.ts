import type { Contract } from './contract.ts';
import { type Complain, type CustomValue, customValues } from './custom.ts';
import type { Path } from './document.ts';
import type { OdcsCustomProperty } from './odcs.ts';
import { shown } from './problem.ts';

/** What of a database's table is read. */
export type ExtractMode =
    /** All rows, every time. */
    | 'snapshot'
    /** Rows whose watermark column is beyond the last one read. */
    | 'incremental';

/** A PostgreSQL that holds the rows of a dataset. Where it is and who may read it never stands in a contract. */
export interface ContractSource {
    /** Names the server; its URL is in `CARTLAKE_SOURCE_<SERVER>_URL`, or in a secret. */
    readonly server: string;
    readonly schema: string;
    readonly from:
        | { readonly kind: 'table'; readonly table: string }
        | { readonly kind: 'query'; readonly query: string };
    readonly mode: ExtractMode;
    /** The source's own name of the column that grows; only for `incremental`. */
    readonly watermarkColumn: string | undefined;
    /** How far behind the watermark an incremental extract reads again, for rows that were committed late. */
    readonly overlapSeconds: number;
    /** `rate(...)` or `cron(...)` of EventBridge Scheduler, in UTC; none for extracts by hand. */
    readonly schedule: string | undefined;
    /** Longest time one statement may run. */
    readonly timeoutSeconds: number;
}

/** Custom properties of a server. */
const SERVER_PROPERTIES: readonly string[] = [
    'table',
    'query',
    'extract',
    'watermarkColumn',
    'overlapSeconds',
    'schedule',
    'timeoutSeconds',
];

const DEFAULT_OVERLAP_SECONDS = 300;
const DEFAULT_TIMEOUT_SECONDS = 600;
const RATE = /^rate\([1-9]\d* (minutes?|hours?|days?)\)$/;
const CRON = /^cron\((\S+ ){5}\S+\)$/;

type Loaded = Pick<Contract, 'dataset' | 'rowIdentity'> & { readonly load: Contract['load'] | undefined };

/**
 * The server of type `postgres` among a contract's servers, if there is one. Servers of other types are for people;
 * more than one PostgreSQL is a mistake.
 */
export function contractSource(servers: unknown, contract: Loaded, complain: Complain): ContractSource | undefined {
    if (!Array.isArray(servers)) return undefined;
    const found = servers.flatMap((server: unknown, index) => (isPostgres(server) ? [{ server, index }] : []));
    const [first, second] = found;
    if (second !== undefined) {
        complain(['servers', second.index], {
            expected: 'one server of type postgres',
            found: `${found.length}`,
            next: 'Keep the one rows are extracted from',
        });
    }
    return first && sourceOf(first.server, ['servers', first.index], contract, complain);
}

type Server = Readonly<Record<string, unknown>>;

function isPostgres(server: unknown): server is Server {
    return (
        typeof server === 'object' &&
        server !== null &&
        ['postgres', 'postgresql'].includes(String((server as Server).type))
    );
}

function sourceOf(server: Server, path: Path, contract: Loaded, complain: Complain): ContractSource {
    refuseCredentials(server, path, complain);
    const custom = customValues(customProperties(server), [...path, 'customProperties'], SERVER_PROPERTIES, complain);
    const text = (name: string) => textOf(custom.get(name), name, complain);
    const mode = modeOf(custom.get('extract'), contract, path, complain);
    const watermarkColumn = text('watermarkColumn');
    if ((mode === 'incremental') !== (watermarkColumn !== undefined)) {
        complain(path, {
            expected: 'watermarkColumn with extract: incremental, and only with it',
            found: `extract ${mode}, ${watermarkColumn === undefined ? 'no watermarkColumn' : shown(watermarkColumn)}`,
            next: 'Name the column that grows with every change, or extract snapshots',
        });
    }
    return {
        server: nameOf(server, path, complain),
        schema: typeof server.schema === 'string' ? server.schema : 'public',
        from: fromOf(text('table'), text('query'), contract.dataset, path, complain),
        mode,
        watermarkColumn,
        overlapSeconds: secondsOf(custom.get('overlapSeconds'), DEFAULT_OVERLAP_SECONDS, 0, complain),
        schedule: scheduleOf(custom.get('schedule'), complain),
        timeoutSeconds: secondsOf(custom.get('timeoutSeconds'), DEFAULT_TIMEOUT_SECONDS, 1, complain),
    };
}

function customProperties({ customProperties }: Server): OdcsCustomProperty[] {
    if (!Array.isArray(customProperties)) return [];
    return customProperties.filter(
        (one) => typeof one === 'object' && one !== null && typeof one.property === 'string',
    );
}

function nameOf({ server }: Server, path: Path, complain: Complain): string {
    if (typeof server === 'string' && /^[a-z][a-z0-9-]{0,30}$/.test(server)) return server;
    complain([...path, 'server'], {
        expected: 'a short name of lower-case letters, digits and -',
        found: shown(server),
        next: 'Name the server, such as `server: shop`: its URL is then in CARTLAKE_SOURCE_SHOP_URL',
    });
    return 'unknown';
}

/** A contract is committed and copied about. */
function refuseCredentials(server: Server, path: Path, complain: Complain): void {
    for (const key of ['user', 'username', 'password', 'url', 'connectionString']) {
        if (server[key] === undefined) continue;
        complain([...path, key], {
            expected: 'no credentials and no URL in a contract',
            found: `the key ${key}`,
            next: 'Remove it; the URL is read from CARTLAKE_SOURCE_<SERVER>_URL, or from a secret',
        });
    }
}

function modeOf(custom: CustomValue | undefined, contract: Loaded, path: Path, complain: Complain): ExtractMode {
    const mode = custom?.value ?? 'snapshot';
    if (mode !== 'snapshot' && mode !== 'incremental') {
        complain(custom?.path ?? path, {
            expected: 'snapshot or incremental',
            found: shown(mode),
            next: 'Correct `extract`',
        });
        return 'snapshot';
    }
    const loads = mode === 'snapshot' ? ['snapshot', 'replace', 'upsert'] : ['append', 'upsert'];
    const fits = contract.load === undefined || loads.includes(contract.load);
    if (!fits || contract.rowIdentity === 'content') {
        complain(custom?.path ?? path, {
            expected: `loadMode ${loads.join(' or ')}, and a key, with extract: ${mode}`,
            found: contract.rowIdentity === 'content' ? 'rows without a key' : `loadMode ${contract.load}`,
            next: 'Change one of the two: rows that are read again must be known as the same rows',
        });
    }
    return mode;
}

function fromOf(
    table: string | undefined,
    query: string | undefined,
    dataset: string,
    path: Path,
    complain: Complain,
): ContractSource['from'] {
    if (table !== undefined && query !== undefined) {
        complain(path, { expected: 'a table or a query', found: 'both', next: 'Keep one of the two' });
    }
    return query === undefined ? { kind: 'table', table: table ?? dataset } : { kind: 'query', query };
}

function scheduleOf(custom: CustomValue | undefined, complain: Complain): string | undefined {
    const schedule = textOf(custom, 'schedule', complain);
    if (custom === undefined || schedule === undefined || RATE.test(schedule) || CRON.test(schedule)) return schedule;
    complain(custom.path, {
        expected: 'an expression of EventBridge Scheduler: rate(1 day) or cron(0 3 * * ? *)',
        found: shown(schedule),
        next: 'Correct `schedule`; times are UTC',
    });
    return undefined;
}

function textOf(custom: CustomValue | undefined, name: string, complain: Complain): string | undefined {
    if (custom === undefined) return undefined;
    if (typeof custom.value === 'string' && custom.value.trim() !== '') return custom.value.trim();
    complain(custom.path, { expected: 'a text', found: shown(custom.value), next: `Correct \`${name}\`` });
    return undefined;
}

function secondsOf(custom: CustomValue | undefined, fallback: number, least: number, complain: Complain): number {
    if (custom === undefined) return fallback;
    const { value, path } = custom;
    if (Number.isInteger(value) && (value as number) >= least && (value as number) <= 86_400) return value as number;
    complain(path, { expected: `whole seconds, ${least} to 86400`, found: shown(value), next: 'Correct the number' });
    return fallback;
}

/** The environment variable that holds a server's URL: `CARTLAKE_SOURCE_SHOP_URL`. */
export function sourceVariable(server: string): string {
    return `CARTLAKE_SOURCE_${server.toUpperCase().replaceAll('-', '_')}_URL`;
}
