/** Lets a few work at a time, first come, first served. */
export interface Turns {
    /** Waits for a turn; resolves to what gives it back. */
    take(): Promise<() => void>;
    /** Resolves when nobody waits for a turn. */
    unclaimed(): Promise<void>;
}

/** Turns for `most` at a time. */
export function turnsOf(most: number): Turns {
    const waiting: (() => void)[] = [];
    const onUnclaimed: (() => void)[] = [];
    let working = 0;
    const giveBack = () => {
        const next = waiting.shift();
        if (next) next();
        else working -= 1;
        if (waiting.length > 0) return;
        for (const tell of onUnclaimed.splice(0)) tell();
    };
    return {
        async take() {
            if (working < most) working += 1;
            else await new Promise<void>((turn) => waiting.push(turn));
            return giveBack;
        },
        async unclaimed() {
            while (waiting.length > 0) await new Promise<void>((tell) => onUnclaimed.push(tell));
        },
    };
}
