import { jointMomentsOf } from '#stats/joint-moments.ts';
import { momentsOf } from '#stats/moments.ts';
import { compareProportions } from '#stats/proportions.ts';
import { compareMeans, compareRatios } from '#stats/welch.ts';
import { decided } from './false-alarms.ts';
import { normal, uniformStream } from './random.ts';
import type { SimulationTable } from './table.ts';

/** Tables of every size, balance and rate: does the p-value ever say another thing than the intervals? */
export function simulateContradictions(tables: number): SimulationTable {
    const uniform = uniformStream(1_618_033);
    const whole = (most: number) => Math.floor(most ** uniform());
    const kinds: readonly [string, () => ReturnType<typeof decided> | undefined][] = [
        [
            'shares',
            () => {
                const arm = () => {
                    const trials = 1 + whole(50_000);
                    return { successes: Math.min(trials, Math.floor(uniform() ** 3 * (trials + 1))), trials };
                };
                return answer(compareProportions(arm(), arm(), 0.05));
            },
        ],
        [
            'means',
            () => {
                const [centre, spread] = [10 * normal(uniform), Math.exp(2 * normal(uniform))];
                const arm = () =>
                    momentsOf(Array.from({ length: 2 + whole(60) }, () => centre + spread * normal(uniform)));
                return answer(compareMeans(arm(), arm(), 0.05));
            },
        ],
        [
            'ratios',
            () => {
                const arm = () =>
                    jointMomentsOf(
                        Array.from({ length: 2 + whole(60) }, () => ({ x: 1 + whole(9), y: whole(9) * uniform() })),
                    );
                return answer(compareRatios(arm(), arm(), 0.05));
            },
        ],
    ];
    return {
        title: `${tables.toLocaleString('en-US')} random tables of each kind (asked: no contradiction)`,
        head: ['kind', 'tables with a test', 'significant', 'difference contradicts p', 'lift contradicts p'],
        rows: kinds.map(([name, run]) => {
            const found = Array.from({ length: tables }, run).filter((one) => one !== undefined);
            const count = (is: (one: ReturnType<typeof decided>) => boolean) => String(found.filter(is).length);
            return [
                name,
                String(found.length),
                count(({ p }) => p !== 0),
                count(({ p, difference }) => p !== difference),
                count(({ p, lift }) => p !== lift),
            ];
        }),
    };
}

type Found = Parameters<typeof decided>[0];

function answer(found: { readonly status: string } | ({ readonly status: 'ok' } & Found)) {
    return found.status === 'ok' ? decided(found as Found) : undefined;
}
