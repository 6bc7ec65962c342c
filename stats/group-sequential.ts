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

/** How many nodes a standard deviation of the increment gets; 6 already reproduces published bounds to 1e-6. */
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
 * the shares reached so far are needed: later looks do not change earlier critical values.
 */
export function groupSequentialBounds(fractions: readonly number[], alpha: number): GroupSequentialResult {
    if (!areFractions(fractions) || !isLevel(alpha)) return { status: 'invalid_input' };
    let path = startedPath();
    let [spent, time] = [0, 0];
    const looks = fractions.map((fraction): SequentialLook => {
        const step = Math.sqrt(fraction - time);
        const target = spentLevel(fraction, alpha) - spent;
        const crossing = (z: number): number => crossingProbability(path, step, z * Math.sqrt(fraction), 0);
        // So early that next to nothing may be spent, any bound would do: take the highest.
        const critical = crossing(HIGHEST) >= target ? HIGHEST : findRoot((z) => crossing(z) - target, 0, HIGHEST);
        spent += crossing(critical);
        path = continuedPath(path, step, critical * Math.sqrt(fraction), 0);
        time = fraction;
        return { fraction, critical, spent, nominalLevel: normalTwoSided(critical) };
    });
    return computed({ looks });
}

/** The probability that a plan stops at one of its looks when the z expected at full information is `drift`. */
export function groupSequentialPower(looks: readonly SequentialLook[], drift: number): number {
    let path = startedPath();
    let [power, time] = [0, 0];
    for (const { fraction, critical } of looks) {
        const step = Math.sqrt(fraction - time);
        const bound = critical * Math.sqrt(fraction);
        const shift = drift * (fraction - time);
        power += crossingProbability(path, step, bound, shift);
        path = continuedPath(path, step, bound, shift);
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

/** The distribution of the score (z times root fraction) of the paths that have not stopped: weighted points. */
interface Path {
    readonly points: readonly number[];
    /** Density times quadrature weight. */
    readonly masses: readonly number[];
}

function startedPath(): Path {
    return { points: [0], masses: [1] };
}

/** The mass that a normal step of the given sd and mean carries beyond +-bound. */
function crossingProbability(path: Path, step: number, bound: number, shift: number): number {
    let total = 0;
    for (let i = 0; i < path.points.length; i++) {
        const from = path.points[i]! + shift;
        total += path.masses[i]! * (normalSf((bound - from) / step) + normalSf((bound + from) / step));
    }
    return total;
}

/** The paths that stay within +-bound after one more step (Armitage, McPherson & Rowe 1969), on a fresh grid. */
function continuedPath(path: Path, step: number, bound: number, shift: number): Path {
    const panels = Math.max(4, Math.ceil((2 * bound * NODES_PER_SD) / (step * GRID.nodes.length)));
    const half = bound / panels;
    const points: number[] = [];
    const masses: number[] = [];
    for (let panel = 0; panel < panels; panel++) {
        const centre = -bound + (2 * panel + 1) * half;
        for (let k = 0; k < GRID.nodes.length; k++) {
            const point = centre + half * GRID.nodes[k]!;
            points.push(point);
            masses.push(half * GRID.weights[k]! * densityAt(path, point - shift, step));
        }
    }
    return { points, masses };
}

const GRID = gaussLegendre(16);

function densityAt(path: Path, point: number, step: number): number {
    let density = 0;
    for (let i = 0; i < path.points.length; i++) {
        const z = (point - path.points[i]!) / step;
        // Beyond 12 standard deviations a step contributes less than 1e-32.
        if (Math.abs(z) < 12) density += path.masses[i]! * normalPdf(z);
    }
    return density / step;
}

function areFractions(fractions: readonly number[]): boolean {
    return fractions.length > 0 && fractions.every((t, i) => t > (fractions[i - 1] ?? 0) && t <= 1);
}
