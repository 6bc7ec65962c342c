import { parseArgs } from 'node:util';
import { UsageError } from '#core/errors.ts';

/** The measurements, in the order they run. */
export const NAMES = ['ingest', 'dirty', 'build', 'scale', 'day', 'ledger'] as const;
export type Name = (typeof NAMES)[number];

/** What `npm run bench` was asked for. */
export interface Options {
    readonly only: readonly Name[];
    /** Events of the shop, about. `scale` and the larger shop of `day` have ten times as many. */
    readonly rows: number;
    /** Repetitions of each measurement; an odd number has a middle. */
    readonly repeat: number;
    readonly json: boolean;
}

/**
 * Reads the command line. Throws UsageError for an unknown option, a name that is no measurement and numbers out of
 * range.
 *
 * @example optionsOf(['--only', 'ingest', '--rows', '100000'])
 */
export function optionsOf(args: readonly string[]): Options {
    const { values } = parse(args);
    const only = values.only ?? [];
    for (const name of only) {
        if (!isName(name)) throw new UsageError(`--only: expected one of ${NAMES.join(', ')}, found ${name}.`);
    }
    return {
        only: only.length > 0 ? NAMES.filter((name) => only.includes(name)) : NAMES,
        rows: integer('--rows', values.rows ?? '1000000', 10_000, 5_000_000),
        repeat: integer('--repeat', values.repeat ?? '3', 1, 99),
        json: values.json === true,
    };
}

function parse(args: readonly string[]) {
    try {
        return parseArgs({
            args: [...args],
            options: {
                only: { type: 'string', multiple: true },
                rows: { type: 'string' },
                repeat: { type: 'string' },
                json: { type: 'boolean' },
            },
        });
    } catch (error) {
        throw new UsageError(`bench: ${(error as Error).message} Options: --only NAME, --rows N, --repeat N, --json.`);
    }
}

function isName(text: string): text is Name {
    return (NAMES as readonly string[]).includes(text);
}

function integer(option: string, text: string, least: number, most: number): number {
    const value = Number(text);
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    throw new UsageError(`${option}: expected an integer from ${least} to ${most}, found ${text}.`);
}
