import { join, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { UsageError } from '#core/errors.ts';

/** Options every command takes, with the environment filled in. */
export interface Globals {
    /** The lake's folder, absolute. */
    readonly lake: string;
    /** The lake as the person wrote it, for messages. */
    readonly lakeName: string;
    /** ` --lake DIR` where commands that are suggested need it. */
    readonly lakeOption: string;
    readonly postgres: string | undefined;
    readonly contracts: string | undefined;
    /** `dataset.parameter=value` */
    readonly set: readonly string[];
    readonly json: boolean;
    /** Bytes each DuckDB may use. */
    readonly memory: number | undefined;
    readonly debug: boolean;
}

const collect = (value: string, earlier: readonly string[] | undefined) => [...(earlier ?? []), value];

const OPTIONS = {
    lake: () => new Option('--lake <dir>', 'folder of the lake (default: .cartlake; env: CARTLAKE_LAKE)'),
    postgres: () =>
        new Option('--postgres <url>', "a PostgreSQL of your own instead of the lake's (env: CARTLAKE_POSTGRES_URL)"),
    contracts: () =>
        new Option('--contracts <dir>', 'folder of the contracts (default: those that come with Cartlake)'),
    set: () =>
        new Option(
            '--set <dataset.parameter=value>',
            "override a contract's parameter in this lake; repeatable, an empty value takes it back",
        ).argParser(collect),
    json: () => new Option('--json', 'one JSON document on standard output'),
} as const;

export type GlobalName = keyof typeof OPTIONS;

/** Adds global options to a command, in a group of their own; they may also stand before the command's name. */
export function addGlobals(command: Command, names = Object.keys(OPTIONS) as readonly GlobalName[]): Command {
    command.optionsGroup('Global options:');
    for (const name of names) command.addOption(OPTIONS[name]());
    return command;
}

/**
 * Global options of a command: its own before those of the commands above it before the environment.
 *
 * @throws UsageError when CARTLAKE_MEMORY_MB is no number
 */
export function globalsOf(command: Command, environment: NodeJS.ProcessEnv = process.env): Globals {
    const given: Record<string, unknown> = {};
    for (let each: Command | null = command; each !== null; each = each.parent) {
        for (const [name, value] of Object.entries(each.opts())) given[name] ??= value;
    }
    const text = (name: string, variable?: string): string | undefined => {
        const value = given[name] ?? (variable === undefined ? undefined : environment[variable]);
        return typeof value === 'string' && value !== '' ? value : undefined;
    };
    const lakeName = text('lake', 'CARTLAKE_LAKE') ?? '.cartlake';
    return {
        lake: resolve(lakeName),
        lakeName: join(lakeName),
        lakeOption: given.lake === undefined ? '' : ` --lake ${lakeName}`,
        postgres: text('postgres', 'CARTLAKE_POSTGRES_URL'),
        contracts: text('contracts', 'CARTLAKE_CONTRACTS'),
        set: (given.set as readonly string[] | undefined) ?? [],
        json: given.json === true,
        memory: memoryOf(environment.CARTLAKE_MEMORY_MB),
        debug: environment.CARTLAKE_DEBUG === '1',
    };
}

const LEAST_MB = 64;

function memoryOf(text: string | undefined): number | undefined {
    if (text === undefined || text === '') return undefined;
    const megabytes = Number(text);
    if (Number.isFinite(megabytes) && megabytes >= LEAST_MB) return Math.floor(megabytes * 1e6);
    throw new UsageError(
        `CARTLAKE_MEMORY_MB is "${text}": expected the megabytes DuckDB may use, at least ${LEAST_MB}, such as 1024.`,
    );
}
