/** What one run of a task cost. */
export interface Cost {
    readonly seconds: number;
    /** Processor time of the child process; PostgreSQL's is not in it. */
    readonly cpuSeconds: number;
    /** Most memory the child process ever held. */
    readonly peakBytes: number;
}

/** A comparison of two tasks that ran in turns. */
export interface Comparison {
    /** Median over the repetitions of (subject / base), each repetition compared within itself. */
    readonly ratio: number;
    readonly lowest: number;
    readonly highest: number;
    /** The same median of processor time: says what the clock would say if nothing else ran. */
    readonly cpuRatio: number;
    /** Median seconds, as information. */
    readonly subjectSeconds: number;
    readonly baseSeconds: number;
}

/** The middle value; of an even number, the mean of the two in the middle. Throws RangeError when there is none. */
export function median(values: readonly number[]): number {
    const sorted = [...values].sort((a, b) => a - b);
    const upper = sorted[sorted.length >> 1];
    const lower = sorted[(sorted.length - 1) >> 1];
    if (upper === undefined || lower === undefined) throw new RangeError('median: expected values, found none');
    return (lower + upper) / 2;
}

/** Compares runs in pairs: what disturbed both runs of a pair does not disturb their ratio. */
export function compare(subject: readonly Cost[], base: readonly Cost[]): Comparison {
    if (subject.length !== base.length) {
        throw new RangeError(`compare: expected runs in pairs, found ${subject.length} and ${base.length}`);
    }
    const ratios = (of: (cost: Cost) => number) => subject.map((cost, index) => of(cost) / of(base[index] as Cost));
    const seconds = ratios((cost) => cost.seconds);
    return {
        ratio: median(seconds),
        lowest: Math.min(...seconds),
        highest: Math.max(...seconds),
        cpuRatio: median(ratios((cost) => cost.cpuSeconds)),
        subjectSeconds: median(subject.map((cost) => cost.seconds)),
        baseSeconds: median(base.map((cost) => cost.seconds)),
    };
}

/** Runs two tasks in turns, changing who goes first, so that drift of the machine favours neither. */
export async function inTurns<A, B>(
    repeat: number,
    first: (repetition: number) => Promise<A>,
    second: (repetition: number) => Promise<B>,
): Promise<[A[], B[]]> {
    const results: [A[], B[]] = [[], []];
    for (let repetition = 0; repetition < repeat; repetition++) {
        const runFirst = async () => results[0].push(await first(repetition));
        const runSecond = async () => results[1].push(await second(repetition));
        for (const run of repetition % 2 === 0 ? [runFirst, runSecond] : [runSecond, runFirst]) await run();
    }
    return results;
}
