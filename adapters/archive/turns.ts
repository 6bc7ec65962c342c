/** The place of one who has much to do in this process, among others who have. */
export interface Place {
    /** Waits for its next turn, in a later round of this process's loop, and ends the turn it has. */
    turn(): Promise<void>;
    /** Ends the turn it has. */
    pause(): void;
}

/**
 * Turns of those who have much to do in this process, one at a time: of those who wait, the one that came first is next.
 * It is done soonest that way, and an engine goes on with what it has made while the others have their turns. Between two
 * turns whoever waits for an engine's answer hears it. Each call is one that has come.
 */
export function turnsByArrival(): () => Place {
    const waiting = new Map<number, () => void>();
    let came = 0;
    let working: number | undefined;
    let isPlanned = false;
    const plan = () => {
        if (isPlanned || working !== undefined || waiting.size === 0) return;
        isPlanned = true;
        setImmediate(() => {
            isPlanned = false;
            working = Math.min(...waiting.keys());
            waiting.get(working)?.();
            waiting.delete(working);
        });
    };
    return () => {
        const place = ++came;
        const pause = () => {
            if (working === place) working = undefined;
            plan();
        };
        return {
            turn: () =>
                new Promise((begin) => {
                    waiting.set(place, begin);
                    pause();
                }),
            pause,
        };
    };
}
