import { fiellerLift } from '#stats/lift.ts';
import { momentsOf } from '#stats/moments.ts';
import { compareProportions } from '#stats/proportions.ts';
import { compareMeans } from '#stats/welch.ts';
import { binomial, normal, uniformStream } from './random.ts';
import { percent, type SimulationTable } from './table.ts';

const ALPHA = 0.05;

/** What one A/A run decided: the sign of a significant effect, else 0, by test, difference and lift. */
interface Decided {
    readonly p: number;
    readonly difference: number;
    readonly lift: number;
}

/** Two arms alike, over and over: how often each test claims an effect, and on which side. */
export function simulateFalseAlarms(runs: number): SimulationTable {
    const settings: readonly [string, (uniform: () => number) => Decided][] = [
        ['share 3%, 1,500 users an arm', (uniform) => shares(uniform, 0.03, 1500, 1500)],
        ['share 3%, 3,000 and 1,000 users', (uniform) => shares(uniform, 0.03, 3000, 1000)],
        ['share 20%, 500 users an arm', (uniform) => shares(uniform, 0.2, 500, 500)],
        ['money of 5% buyers, 2,000 users an arm', (uniform) => money(uniform, 0.05, 2000)],
    ];
    return {
        title: `A/A: ${runs.toLocaleString('en-US')} runs each, 95% intervals (asked: two-sided 4.5 to 5.5%, each side 2.2 to 2.8%)`,
        head: ['setting', 'two-sided', 'upper side', 'lower side', 'difference contradicts p', 'lift contradicts p'],
        rows: settings.map(([name, run], index) => {
            const uniform = uniformStream(20_240_301 + index);
            const counts = { upper: 0, lower: 0, difference: 0, lift: 0 };
            for (let i = 0; i < runs; i++) {
                const { p, difference, lift } = run(uniform);
                if (p > 0) counts.upper++;
                if (p < 0) counts.lower++;
                if (difference !== p) counts.difference++;
                if (lift !== p) counts.lift++;
            }
            return [
                name,
                percent((counts.upper + counts.lower) / runs),
                percent(counts.upper / runs),
                percent(counts.lower / runs),
                String(counts.difference),
                String(counts.lift),
            ];
        }),
    };
}

function shares(uniform: () => number, rate: number, controlUnits: number, treatmentUnits: number): Decided {
    const control = { successes: binomial(uniform, controlUnits, rate), trials: controlUnits };
    const treatment = { successes: binomial(uniform, treatmentUnits, rate), trials: treatmentUnits };
    const found = compareProportions(control, treatment, ALPHA);
    return found.status === 'ok' ? decided(found) : { p: 0, difference: 0, lift: 0 };
}

function money(uniform: () => number, rate: number, units: number): Decided {
    const arm = () =>
        momentsOf(Array.from({ length: units }, () => (uniform() < rate ? Math.exp(3 + 0.8 * normal(uniform)) : 0)));
    const found = compareMeans(arm(), arm(), ALPHA);
    if (found.status !== 'ok') return { p: 0, difference: 0, lift: 0 };
    return decided({ ...found, lift: fiellerLift(found.contrast, found.critical) });
}

interface Found {
    readonly pValue: number;
    readonly difference: number;
    readonly interval: { readonly lower: number; readonly upper: number };
    readonly lift: { readonly status: string; readonly lower?: number; readonly upper?: number };
}

/** Each of the three answers by itself. A lift without a finite interval claims nothing and contradicts nothing. */
export function decided({ pValue, difference, interval, lift }: Found): Decided {
    const p = pValue < ALPHA ? Math.sign(difference) : 0;
    const sideOf = (lower: number, upper: number) => (lower > 0 ? 1 : upper < 0 ? -1 : 0);
    return {
        p,
        difference: sideOf(interval.lower, interval.upper),
        lift: lift.status === 'ok' ? sideOf(lift.lower ?? 0, lift.upper ?? 0) : p,
    };
}
