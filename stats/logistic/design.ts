import { isCount } from '../result.ts';

/** Units with equal covariates, counted: grouping loses nothing and makes the fit independent of their number. */
export interface LogisticRow {
    /** One value per term, the intercept not among them. */
    readonly x: readonly number[];
    readonly successes: number;
    readonly trials: number;
    /** Whom the row belongs to, when several rows belong to one unit: standard errors are then clustered by it. */
    readonly cluster?: string | number;
}

/** Rows with the intercept in front and the columns on one scale, without columns that repeat others. */
export interface Design {
    readonly names: readonly string[];
    readonly rows: readonly DesignRow[];
    /** What each kept column was divided by. */
    readonly scales: readonly number[];
    /** Which columns, counted with the intercept as 0, were kept. */
    readonly kept: readonly number[];
    /** Names of columns that are combinations of columns before them. */
    readonly dropped: readonly string[];
}

export interface DesignRow {
    readonly x: readonly number[];
    readonly successes: number;
    readonly trials: number;
    readonly cluster: string | number | undefined;
}

/** A column counts as a combination of others when less than this share of it is its own. */
const SMALLEST_PIVOT = 1e-10;

/** Undefined when rows and terms do not fit each other or are not numbers and counts. */
export function designOf(terms: readonly string[], rows: readonly LogisticRow[]): Design | undefined {
    const isValid = rows.every(
        ({ x, successes, trials }) =>
            x.length === terms.length &&
            x.every(Number.isFinite) &&
            isCount(successes) &&
            isCount(trials) &&
            successes <= trials,
    );
    if (!isValid) return undefined;
    const counted = rows.filter((row) => row.trials > 0);
    const columns = [counted.map(() => 1), ...terms.map((_, term) => counted.map((row) => row.x[term]!))];
    const names = ['intercept', ...terms];
    const weights = counted.map((row) => row.trials);
    const scales = columns.map((column) => column.reduce((most, value) => Math.max(most, Math.abs(value)), 0));
    const scaled = columns.map((column, i) => column.map((value) => (scales[i]! > 0 ? value / scales[i]! : 0)));
    const kept = independentColumns(scaled, weights);
    return {
        names: kept.map((column) => names[column]!),
        rows: counted.map((row, i) => ({
            x: kept.map((column) => scaled[column]![i]!),
            successes: row.successes,
            trials: row.trials,
            cluster: row.cluster,
        })),
        scales: kept.map((column) => scales[column]!),
        kept,
        dropped: names.filter((_, column) => !kept.includes(column)),
    };
}

/** Gram-Schmidt from left to right, twice for accuracy; a column that is left with next to nothing is out. */
function independentColumns(columns: readonly (readonly number[])[], weights: readonly number[]): readonly number[] {
    const product = (a: readonly number[], b: readonly number[]): number =>
        a.reduce((sum, value, i) => sum + weights[i]! * value * b[i]!, 0);
    const basis: (readonly number[])[] = [];
    return columns.flatMap((column, index) => {
        let rest = column;
        for (const direction of [...basis, ...basis]) {
            const share = product(rest, direction);
            rest = rest.map((value, i) => value - share * direction[i]!);
        }
        const own = product(rest, rest);
        if (!(own > SMALLEST_PIVOT * product(column, column))) return [];
        basis.push(rest.map((value) => value / Math.sqrt(own)));
        return [index];
    });
}
