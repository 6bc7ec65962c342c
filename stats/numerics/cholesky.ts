/** A square matrix by rows. */
export type Matrix = readonly (readonly number[])[];

/** The lower triangle L with L L' = matrix; undefined when the matrix is not positive definite. */
export function choleskyOf(matrix: Matrix): Matrix | undefined {
    const lower: number[][] = [];
    for (let i = 0; i < matrix.length; i++) {
        const row: number[] = [];
        for (let j = 0; j <= i; j++) {
            let sum = matrix[i]![j]!;
            const other = j === i ? row : lower[j]!;
            for (let k = 0; k < j; k++) sum -= row[k]! * other[k]!;
            if (j < i) row.push(sum / other[j]!);
            else if (sum > 0) row.push(Math.sqrt(sum));
            else return undefined;
        }
        lower.push(row);
    }
    return lower;
}

/** The x with L L' x = right, for the lower triangle L of `choleskyOf`. */
export function choleskySolve(lower: Matrix, right: readonly number[]): number[] {
    const x = [...right];
    for (let i = 0; i < x.length; i++) {
        for (let k = 0; k < i; k++) x[i]! -= lower[i]![k]! * x[k]!;
        x[i]! /= lower[i]![i]!;
    }
    for (let i = x.length - 1; i >= 0; i--) {
        for (let k = i + 1; k < x.length; k++) x[i]! -= lower[k]![i]! * x[k]!;
        x[i]! /= lower[i]![i]!;
    }
    return x;
}

/** The inverse of the matrix whose lower triangle is given. */
export function choleskyInverse(lower: Matrix): Matrix {
    return lower.map((_, i) =>
        choleskySolve(
            lower,
            lower.map((__, j) => (i === j ? 1 : 0)),
        ),
    );
}

/** left' matrix right. */
export function quadraticForm(left: readonly number[], matrix: Matrix, right: readonly number[]): number {
    return matrix.reduce((sum, row, i) => sum + left[i]! * dot(row, right), 0);
}

/** Sum of products. */
export function dot(a: readonly number[], b: readonly number[]): number {
    let sum = 0;
    for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
    return sum;
}
