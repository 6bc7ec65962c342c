import type { Workspace } from '../workspace.ts';

/** One line of the table. */
export interface Result {
    /** What is compared with what. */
    readonly what: string;
    readonly ratio: number;
    /** Lowest and highest ratio of a pair of runs, where there were several pairs. */
    readonly range: readonly [number, number] | undefined;
    /** The ratio in processor time, where it says something. */
    readonly cpuRatio: number | undefined;
    /** The ratio should be at most this; nothing where it is information. */
    readonly target: number | undefined;
    /** Absolute numbers, as information. */
    readonly note: string;
}

export interface Scale {
    readonly rows: number;
    readonly repeat: number;
}

export type Measurement = (workspace: Workspace, scale: Scale) => Promise<Result[]>;

/** `1.2 s` */
export function secondsText(seconds: number): string {
    return `${seconds.toFixed(seconds < 10 ? 2 : 1)} s`;
}

/** `1,000,000` */
export function countText(count: number): string {
    return count.toLocaleString('en-US');
}
