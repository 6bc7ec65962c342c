import type { Comparison } from './comparer.ts';

/** One line a model, in columns. */
export function comparisonTable(comparisons: readonly Comparison[]): string {
    const width = Math.max(...comparisons.map(({ name }) => name.length));
    const line = (name: string, ...cells: string[]) =>
        [name.padEnd(width), ...cells.map((cell) => cell.padStart(10))].join(' ');
    return [
        line('model', 'statements', 'rows', 'ms', 'equal'),
        ...comparisons.map(({ name, statements, rows, took, differences }) =>
            line(name, `${statements}`, `${rows}`, took.toFixed(0), differences.length === 0 ? 'yes' : 'NO'),
        ),
    ].join('\n');
}
