/** Lets a few work at a time, first come, first served. Resolves to what gives the turn back. */
export type Turns = () => Promise<() => void>;

/** Turns for `most` at a time. */
export function turnsOf(most: number): Turns {
    const waiting: (() => void)[] = [];
    let working = 0;
    const giveBack = () => {
        const next = waiting.shift();
        if (next) next();
        else working -= 1;
    };
    return async () => {
        if (working < most) working += 1;
        else await new Promise<void>((turn) => waiting.push(turn));
        return giveBack;
    };
}
