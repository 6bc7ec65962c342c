import { median } from '../samples.ts';
import { type LedgerLake, ledgerLake } from '../tasks/ledger-lake.ts';
import { countText, type Measurement } from './measurement.ts';

const TARGET = 1.5;
const [SMALL, LARGE] = [1_000, 100_000];
const SAMPLES = 15;

type Timed = Awaited<ReturnType<LedgerLake['measure']>>;

/** One more object, a sweep and a status with a hundred times as many objects in the ledger. */
export const measureLedger: Measurement = async (workspace, { repeat }) => {
    workspace.say('ledger', `writing ledgers of ${countText(SMALL)} and ${countText(LARGE)} objects`);
    const small = await ledgerLake(workspace.path('small'), SMALL);
    const large = await ledgerLake(workspace.path('large'), LARGE);
    const pairs: Record<'small' | 'large', Timed>[] = [];
    for (let sample = -2; sample < SAMPLES * repeat; sample++) {
        const inOrder = sample % 2 === 0 ? [small, large] : [large, small];
        const timed = new Map<LedgerLake, Timed>();
        for (const lake of inOrder) timed.set(lake, await lake.measure());
        // The first ones warm up.
        if (sample >= 0) pairs.push({ small: timed.get(small) as Timed, large: timed.get(large) as Timed });
    }
    for (const lake of [small, large]) await lake.close();
    return (['admit', 'sweep', 'status'] as const).map((what) => {
        const [subject, base] = [pairs.map((pair) => pair.large[what]), pairs.map((pair) => pair.small[what])];
        return {
            what: `${what} with ${countText(LARGE)} / ${countText(SMALL)} objects in the ledger`,
            ratio: median(subject) / median(base),
            range: undefined,
            cpuRatio: undefined,
            target: TARGET,
            note: `${milliseconds(median(subject))} / ${milliseconds(median(base))}`,
        };
    });
};

function milliseconds(seconds: number): string {
    return `${(seconds * 1000).toFixed(1)} ms`;
}
