import type { Result } from './measurements/measurement.ts';

const HEADINGS = ['', 'ratio', 'range', 'in cpu time', 'target', '', 'for information'];

/** The results as lines of text in columns. */
export function tableOf(results: readonly Result[]): string[] {
    const rows = [HEADINGS, ...results.map(cells)];
    const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => (row[column] as string).length)));
    return rows.map((row) =>
        row
            .map((cell, column) => cell.padEnd(widths[column] as number))
            .join('  ')
            .trimEnd(),
    );
}

function cells({ what, ratio, range, cpuRatio, target, note }: Result): string[] {
    return [
        what,
        ratioText(ratio),
        range ? `${ratioText(range[0])} to ${ratioText(range[1])}` : '',
        cpuRatio === undefined ? '' : ratioText(cpuRatio),
        target === undefined ? '' : `<= ${Number(target.toFixed(2))}`,
        target === undefined ? '' : ratio <= target ? 'met' : 'missed',
        note,
    ];
}

function ratioText(ratio: number): string {
    return ratio.toFixed(ratio < 0.2 ? 3 : 2);
}
