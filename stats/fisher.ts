import { isProportion, type Proportion } from './estimate.ts';
import { type Computed, computed } from './result.ts';

export type FisherResult = Computed<{ readonly pValue: number }> | { readonly status: 'invalid_input' };

/** Tables as likely as the observed one up to this relative difference count as equally likely (as in R). */
const TIE = 1e-7;

/**
 * Fisher's exact two-sided p value: the probability, given the margins, of a table at most as likely as the
 * observed one. Takes one step per possible table, so use it for small counts.
 */
export function fisherExact(control: Proportion, treatment: Proportion): FisherResult {
    if (!isProportion(control) || !isProportion(treatment)) return { status: 'invalid_input' };
    const observed = treatment.successes;
    const total = control.successes + treatment.successes;
    const lowest = Math.max(0, total - control.trials);
    const highest = Math.min(total, treatment.trials);
    // ln of (successes k+1 of the treatment) over (k), all else fixed by the margins.
    const lnStep = (k: number): number =>
        Math.log(((total - k) * (treatment.trials - k)) / ((k + 1) * (control.trials - total + k + 1)));
    // Logarithms relative to the observed table: far tails neither overflow nor vanish.
    const logs = [0];
    for (let k = observed; k < highest; k++) logs.push(logs.at(-1)! + lnStep(k));
    let below = 0;
    for (let k = observed - 1; k >= lowest; k--) {
        below -= lnStep(k);
        logs.push(below);
    }
    const peak = logs.reduce((a, b) => Math.max(a, b));
    let [extreme, all] = [0, 0];
    for (const ln of logs) {
        if (ln <= TIE) extreme += Math.exp(ln);
        all += Math.exp(ln - peak);
    }
    return computed({ pValue: Math.min(1, Math.exp(Math.log(extreme / all) - peak)) });
}
