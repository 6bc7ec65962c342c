import { isProportion, type Proportion } from './estimate.ts';
import type { Interval } from './interval.ts';
import { normalCritical } from './numerics/normal.ts';
import { type Computed, computed, isLevel } from './result.ts';
import { wilsonAt } from './wilson.ts';

export type NewcombeResult = Computed<Interval> | { readonly status: 'insufficient_n' | 'invalid_input' };

/**
 * Newcombe's hybrid score interval of treatment rate minus control rate (method 10, Stat. Med. 17, 1998, 873-890)
 * at confidence 1 - alpha. Closed form, inside [-1, 1], and sound with zero cells.
 */
export function newcombeInterval(control: Proportion, treatment: Proportion, alpha: number): NewcombeResult {
    if (!isProportion(control) || !isProportion(treatment) || !isLevel(alpha)) return { status: 'invalid_input' };
    if (control.trials === 0 || treatment.trials === 0) return { status: 'insufficient_n' };
    const critical = normalCritical(alpha);
    const c = { rate: control.successes / control.trials, ...wilsonAt(control, critical) };
    const t = { rate: treatment.successes / treatment.trials, ...wilsonAt(treatment, critical) };
    const difference = t.rate - c.rate;
    return computed({
        lower: difference - Math.hypot(t.rate - t.lower, c.upper - c.rate),
        upper: difference + Math.hypot(t.upper - t.rate, c.rate - c.lower),
    });
}
