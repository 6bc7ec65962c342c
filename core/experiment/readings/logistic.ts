import { averageEffect, type Counterfactual } from '#stats/logistic/average-effect.ts';
import type { LogisticRow } from '#stats/logistic/design.ts';
import { fitLogistic, type LogisticFit } from '#stats/logistic/fit.ts';
import type { Outcome } from '../document.ts';
import { missing } from '../outcome.ts';
import { type ExperimentPlan, treatmentsOf } from '../plan.ts';
import type { LogisticReading, LogisticTerm } from './document.ts';
import type { CellRow } from './rows.ts';

/** What a model looks at besides the treatment. */
interface Model {
    readonly model: LogisticReading['model'];
    readonly label: string;
    readonly warning: string | null;
    readonly terms: readonly string[];
    values(row: CellRow): readonly number[];
}

/** Two regressions of buying an arm: on what was known before, and on the events in the window as well. */
export function logisticReadings(plan: ExperimentPlan, cells: readonly CellRow[]): LogisticReading[] {
    return treatmentsOf(plan).flatMap((variant) => {
        const rows = cells.filter((row) => row.variant === plan.control || row.variant === variant);
        return [beforeModel(rows), EVENTS_MODEL].flatMap((model) => {
            const own = rows.filter((row) => row.cell === model.model);
            return own.length === 0 ? [] : [readModel(plan, model, variant, own)];
        });
    });
}

const EVENTS_MODEL: Model = {
    model: 'events',
    label: 'On treatment and events in the window',
    warning:
        'Events in the window come after exposure and can be changed by the treatment itself: the odds ratio is an association among users with equally many events, not the effect of the treatment.',
    terms: ['events_in_window'],
    values: (row) => [row.events],
};

/** Dummies for every segment but the first of each dimension. */
function beforeModel(rows: readonly CellRow[]): Model {
    const dimensions = [
        ['device_type', (row: CellRow) => row.deviceType],
        ['country', (row: CellRow) => row.country],
        ['user_type', (row: CellRow) => row.userType],
    ] as const;
    const own = rows.filter(({ cell }) => cell === 'before');
    const dummies = dimensions.flatMap(([name, read]) => {
        const [, ...others] = [...new Set(own.map(read))].sort();
        return others.map((value) => ({
            term: `${name} ${value}`,
            is: (row: CellRow) => (read(row) === value ? 1 : 0),
        }));
    });
    return {
        model: 'before',
        label: 'On treatment and what was known before exposure',
        warning: null,
        terms: dummies.map(({ term }) => term),
        values: (row) => dummies.map(({ is }) => is(row)),
    };
}

function readModel(plan: ExperimentPlan, model: Model, variant: string, cells: readonly CellRow[]): LogisticReading {
    const rows = cells.map((cell): LogisticRow => {
        const treated = cell.variant === variant ? 1 : 0;
        return { x: [treated, ...model.values(cell)], successes: cell.buyers, trials: cell.units };
    });
    const { label, warning } = model;
    const base = { model: model.model, variant, label, warning };
    const fit = fitLogistic(['treatment', ...model.terms], rows, { alpha: plan.alpha });
    const read = (method: 'maximum_likelihood' | 'firth', found: LogisticFit, dropped: readonly string[]) => ({
        ...base,
        outcome: {
            status: 'ok' as const,
            method,
            terms: found.coefficients.map(termOf),
            users: found.trials,
            mcFadden: found.mcFadden,
            dropped,
            effect: effectOfModel(found, rows, plan.alpha),
        },
    });
    switch (fit.status) {
        case 'ok':
            return read('maximum_likelihood', fit, []);
        case 'singular':
            return read('maximum_likelihood', fit, fit.dropped);
        case 'separated':
            if (fit.firth !== undefined) return read('firth', fit.firth, []);
            return {
                ...base,
                outcome: missing('no_variation', 'Some users are certain to buy or not to: no fit exists.'),
            };
        default:
            return { ...base, outcome: missing(TROUBLES[fit.status].status, TROUBLES[fit.status].why) };
    }
}

const TROUBLES = {
    no_outcome_variation: missing('no_conversions', 'Everybody or nobody bought, so there is nothing to explain.'),
    not_converged: missing('invalid_input', 'The fit did not settle.'),
    underdetermined: missing('too_few_units', 'Fewer users than terms.'),
    invalid_input: missing('invalid_input', 'The cells are not those of real data; check the mart.'),
    overflow: missing('invalid_input', 'The fit left the range of numbers.'),
} as const;

function termOf({
    term,
    estimate,
    standardError,
    pValue,
    oddsRatio,
}: LogisticFit['coefficients'][number]): LogisticTerm {
    const odds =
        oddsRatio === undefined ? null : { value: oddsRatio.estimate, low: oddsRatio.lower, high: oddsRatio.upper };
    return { term, estimate, standardError, pValue, oddsRatio: odds };
}

/** Every user once as treated and once as not, whatever arm they were in. */
function effectOfModel(
    fit: LogisticFit,
    rows: readonly LogisticRow[],
    alpha: number,
): Extract<LogisticReading['outcome'], { status: 'ok' }>['effect'] {
    const units = rows.map(
        ({ x, trials }): Counterfactual => ({
            treated: [1, ...x.slice(1)],
            untreated: [0, ...x.slice(1)],
            weight: trials,
        }),
    );
    const found = averageEffect(fit, units, alpha);
    if (found.status !== 'ok') {
        return missing('invalid_input', 'The effect on shares cannot be computed from this fit.') as Outcome<never>;
    }
    return { status: 'ok', value: found.difference, low: found.lower, high: found.upper, pValue: found.pValue };
}
