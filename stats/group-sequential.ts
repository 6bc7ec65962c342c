import { gaussLegendre } from './numerics/gauss-legendre.ts';
import { normalPdf, normalSf, normalTwoSided, normalUpperQuantile } from './numerics/normal.ts';
import { findRoot } from './numerics/root.ts';
import { type Computed, computed, isLevel } from './result.ts';

export interface SequentialLook {
    /** Share of the planned information (units) at this look. */
    readonly fraction: number;
    /** Two-sided critical value of this look. */
    readonly critical: number;
    /** Two-sided level spent up to and including this look. */
    readonly spent: number;
    /** Two-sided p value that the critical value stands for. */
    readonly nominalLevel: number;
}

export type GroupSequentialResult =
    | Computed<{ readonly looks: readonly SequentialLook[] }>
    | { readonly status: 'invalid_input' };

/** No look stops at less than this z: earlier boundaries are beyond any p value worth the name (1e-15). */
const HIGHEST = 8;

/**
 * Share of the planned information that a look must add. One that adds less is no look: its bound is out of reach and
 * it spends nothing, because following paths over steps that short would take a grid without end.
 */
const LEAST_STEP = 1e-6;

/** How many nodes a standard deviation of the shorter increment gets; 6 already reproduces published bounds to 1e-6. */
const NODES_PER_SD = 8;

/**
 * The two-sided level an O'Brien-Fleming-like plan has spent at a share of the information (Lan & DeMets, Biometrika
 * 70, 1983), half of it on each side.
 */
export function spentLevel(fraction: number, alpha: number): number {
    return Math.min(alpha, 4 * normalSf(normalUpperQuantile(alpha / 4) / Math.sqrt(fraction)));
}

/**
 * The critical values of a plan that looks at the given shares of the information, ascending up to at most 1. Only
 * the shares reached so far are needed: later looks do not change earlier critical values. A look that adds next to
 * nothing to the one before is no look: its critical value is out of reach.
 */
export function groupSequentialBounds(fractions: readonly number[], alpha: number): GroupSequentialResult {
    if (!areFractions(fractions) || !isLevel(alpha)) return { status: 'invalid_input' };
    let before: Step = { path: START, sd: 0, bound: 0, shift: 0 };
    let [spent, time] = [0, 0];
    const looks = fractions.map((fraction): SequentialLook => {
        if (fraction - time < LEAST_STEP) {
            return { fraction, critical: HIGHEST, spent, nominalLevel: normalTwoSided(HIGHEST) };
        }
        const sd = Math.sqrt(fraction - time);
        const path = pathAfter(before, sd);
        const target = spentLevel(fraction, alpha) - spent;
        const crossing = (z: number) => crossingProbability({ path, sd, bound: z * Math.sqrt(fraction), shift: 0 });
        // So early that next to nothing may be spent, any bound would do: take the highest.
        const critical = crossing(HIGHEST) >= target ? HIGHEST : findRoot((z) => crossing(z) - target, 0, HIGHEST);
        spent += crossing(critical);
        before = { path, sd, bound: critical * Math.sqrt(fraction), shift: 0 };
        time = fraction;
        return { fraction, critical, spent, nominalLevel: normalTwoSided(critical) };
    });
    return computed({ looks });
}

/** The probability that a plan stops at one of its looks when the z expected at full information is `drift`. */
export function groupSequentialPower(looks: readonly SequentialLook[], drift: number): number {
    let before: Step = { path: START, sd: 0, bound: 0, shift: 0 };
    let [power, time] = [0, 0];
    for (const { fraction, critical } of looks) {
        if (fraction - time < LEAST_STEP) continue;
        const sd = Math.sqrt(fraction - time);
        const path = pathAfter(before, sd);
        before = { path, sd, bound: critical * Math.sqrt(fraction), shift: drift * (fraction - time) };
        power += crossingProbability(before);
        time = fraction;
    }
    return Math.min(1, power);
}

/** How many times the units of a fixed-horizon test a plan needs for the same power. */
export function sampleSizeInflation(looks: readonly SequentialLook[], alpha: number, power: number): number {
    const fixed = normalUpperQuantile(alpha / 2) + normalUpperQuantile(1 - power);
    const drift = findRoot((d) => groupSequentialPower(looks, d) - power, fixed * 0.9, fixed * 2);
    return (drift / fixed) ** 2;
}

/** The distribution of the score (z times root fraction) of the paths that have not stopped: weighted points, ascending. */
interface Path {
    readonly points: readonly number[];
    /** Density times quadrature weight. */
    readonly masses: readonly number[];
}

const START: Path = { points: [0], masses: [1] };

/** Paths that go on by a normal step and stop beyond +-bound. */
interface Step {
    readonly path: Path;
    readonly sd: number;
    readonly bound: number;
    /** Mean of the step. */
    readonly shift: number;
}

/** Standard deviations beyond which a step carries less than 1e-32. */
const REACH = 12;

/** The mass that a step carries beyond +-bound. */
function crossingProbability({ path: { points, masses }, sd, bound, shift }: Step): number {
    let total = 0;
    const low = firstFrom(points, REACH * sd - bound - shift);
    const high = Math.max(low, firstFrom(points, bound - REACH * sd - shift));
    for (let i = 0; i < points.length; i++) {
        // Nothing crosses from the middle.
        if (i === low) i = high;
        if (i >= points.length) break;
        const from = points[i]! + shift;
        total += masses[i]! * (normalSf((bound - from) / sd) + normalSf((bound + from) / sd));
    }
    return total;
}

/**
 * The paths that stay within +-bound after a step (Armitage, McPherson & Rowe 1969), on a fresh grid that is fine enough
 * for that step and for the next one, of sd `next`.
 */
function pathAfter({ path, sd, bound, shift }: Step, next: number): Path {
    if (sd === 0) return path;
    const panels = Math.max(4, Math.ceil((2 * bound * NODES_PER_SD) / (Math.min(sd, next) * GRID.nodes.length)));
    const half = bound / panels;
    const points: number[] = [];
    const masses: number[] = [];
    for (let panel = 0; panel < panels; panel++) {
        const centre = -bound + (2 * panel + 1) * half;
        for (let k = 0; k < GRID.nodes.length; k++) {
            // The rule is symmetric, and its nodes descend.
            const point = centre - half * GRID.nodes[k]!;
            points.push(point);
            masses.push(half * GRID.weights[k]! * densityAt(path, point - shift, sd));
        }
    }
    return { points, masses };
}

const GRID = gaussLegendre(16);

function densityAt({ points, masses }: Path, point: number, sd: number): number {
    let density = 0;
    for (let i = firstFrom(points, point - REACH * sd); i < points.length; i++) {
        const z = (point - points[i]!) / sd;
        if (z < -REACH) break;
        density += masses[i]! * normalPdf(z);
    }
    return density / sd;
}

/** The place of the first of ascending points that is not below a value; their number when all are. */
function firstFrom(points: readonly number[], value: number): number {
    let [low, high] = [0, points.length];
    while (low < high) {
        const middle = (low + high) >>> 1;
        if (points[middle]! < value) low = middle + 1;
        else high = middle;
    }
    return low;
}

function areFractions(fractions: readonly number[]): boolean {
    return fractions.length > 0 && fractions.every((t, i) => t > (fractions[i - 1] ?? 0) && t <= 1);
}
