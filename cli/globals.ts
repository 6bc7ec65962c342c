import { join, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { UsageError } from '#core/errors.ts';

/** A deployed pipeline that a command is about, instead of a lake in a folder. */
export interface Target {
    readonly name: 'localstack' | 'aws';
    readonly stage: string;
}

/** Options every command takes, with the environment filled in. */
export interface Globals {
    /** The lake's folder, absolute. */
    readonly lake: string;
    /** The lake as the person wrote it, for messages. */
    readonly lakeName: string;
    /** ` --lake DIR` or ` --target PLACE` where commands that are suggested need it. */
    readonly lakeOption: string;
    readonly postgres: string | undefined;
    readonly contracts: string | undefined;
    /** `dataset.parameter=value` */
    readonly set: readonly string[];
    readonly json: boolean;
    /** Bytes each DuckDB may use. */
    readonly memory: number | undefined;
    readonly debug: boolean;
    readonly target: Target | undefined;
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
    target: () =>
        new Option('--target <place>', 'a deployed pipeline instead of a lake in a folder').choices([
            'localstack',
            'aws',
        ]),
    stage: () => new Option('--stage <name>', 'which deployment of the target (default: dev)'),
} as const;

/** What only makes sense for a lake in a folder. */
const OF_A_LAKE = ['lake', 'postgres', 'contracts', 'set'] as const;
const OF_A_TARGET: readonly string[] = ['target', 'stage'];

export type GlobalName = keyof typeof OPTIONS;

const LAKE_NAMES = Object.keys(OPTIONS).filter((name) => !OF_A_TARGET.includes(name)) as readonly GlobalName[];
/** Of commands that also work on a deployed pipeline. */
export const EVERYWHERE = Object.keys(OPTIONS) as readonly GlobalName[];
/** Of commands that work anywhere and need neither a database nor settings. */
export const READS = ['lake', 'contracts', 'json', 'target', 'stage'] as const;

/** Adds global options to a command, in a group of their own; they may also stand before the command's name. */
export function addGlobals(command: Command, names = LAKE_NAMES): Command {
    command.optionsGroup('Global options:');
    for (const name of names) command.addOption(OPTIONS[name]());
    return command;
}

/**
 * Global options of a command: its own before those of the commands above it before the environment.
 *
 * @throws UsageError when CARTLAKE_MEMORY_MB is no number, or options do not go together
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
    const target = targetOf(command, given);
    const lakeName = text('lake', 'CARTLAKE_LAKE') ?? '.cartlake';
    return {
        lake: resolve(lakeName),
        lakeName: join(lakeName),
        lakeOption: target ? targetOption(target) : given.lake === undefined ? '' : ` --lake ${lakeName}`,
        postgres: text('postgres', 'CARTLAKE_POSTGRES_URL'),
        contracts: text('contracts', 'CARTLAKE_CONTRACTS'),
        set: (given.set as readonly string[] | undefined) ?? [],
        json: given.json === true,
        memory: memoryOf(environment.CARTLAKE_MEMORY_MB),
        debug: environment.CARTLAKE_DEBUG === '1',
        target,
    };
}

/** What commands that are suggested need to find a deployed pipeline. */
export function targetOption({ name, stage }: Target): string {
    return ` --target ${name}${stage === 'dev' ? '' : ` --stage ${stage}`}`;
}

function targetOf(command: Command, given: Readonly<Record<string, unknown>>): Target | undefined {
    const { target: name, stage = 'dev' } = given as { target?: Target['name']; stage?: string };
    if (name === undefined) {
        if (given.stage === undefined) return undefined;
        throw new UsageError('--stage names a deployment: say where it is with --target localstack or --target aws.');
    }
    if (!command.options.some((option) => option.attributeName() === 'target')) {
        throw new UsageError(
            `cartlake ${command.name()} works on a lake in a folder only. What works with --target: docs/deploy.md, "The command line on a deployed pipeline".`,
        );
    }
    const stray = OF_A_LAKE.filter((option) => given[option] !== undefined);
    if (stray.length === 0) return { name, stage };
    throw new UsageError(
        `--${stray.join(' and --')} ${stray.length === 1 ? 'is' : 'are'} for a lake in a folder. ` +
            'A deployed pipeline has its own: change its contracts or its context and deploy it again (docs/deploy.md).',
    );
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
