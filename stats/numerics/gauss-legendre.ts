/** Nodes and weights on [-1, 1]. */
export interface Quadrature {
    readonly nodes: readonly number[];
    readonly weights: readonly number[];
}

/** The Gauss-Legendre rule with n nodes, exact for polynomials of degree 2n - 1; roots by Newton's method. */
export function gaussLegendre(n: number): Quadrature {
    const nodes = new Array<number>(n).fill(0);
    const weights = new Array<number>(n).fill(0);
    for (let i = 0; i < n; i++) {
        let x = Math.cos((Math.PI * (i + 0.75)) / (n + 0.5));
        let slope = legendreSlope(n, x).slope;
        for (let step = 0; step < 20; step++) {
            const { value, slope: at } = legendreSlope(n, x);
            slope = at;
            x -= value / at;
            if (Math.abs(value / at) < 1e-15) break;
        }
        nodes[i] = x;
        weights[i] = 2 / ((1 - x * x) * slope * slope);
    }
    return { nodes, weights };
}

/** The Legendre polynomial of degree n and its derivative, by the three-term recurrence. */
function legendreSlope(n: number, x: number): { value: number; slope: number } {
    let [previous, value] = [1, x];
    for (let k = 2; k <= n; k++) {
        [previous, value] = [value, ((2 * k - 1) * x * value - (k - 1) * previous) / k];
    }
    return { value, slope: (n * (x * value - previous)) / (x * x - 1) };
}

const PANEL = gaussLegendre(16);

/** The integral of f over the panels between neighbouring ascending `breaks`, 16 nodes a panel. */
export function integrate(f: (x: number) => number, breaks: readonly number[]): number {
    let total = 0;
    for (let i = 1; i < breaks.length; i++) {
        const centre = (breaks[i]! + breaks[i - 1]!) / 2;
        const half = (breaks[i]! - breaks[i - 1]!) / 2;
        let panel = 0;
        for (let k = 0; k < PANEL.nodes.length; k++) panel += PANEL.weights[k]! * f(centre + half * PANEL.nodes[k]!);
        total += panel * half;
    }
    return total;
}
