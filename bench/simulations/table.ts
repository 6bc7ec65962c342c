/** What a simulation found. */
export interface SimulationTable {
    readonly title: string;
    readonly head: readonly string[];
    readonly rows: readonly (readonly string[])[];
}

/** A share with two decimals. */
export function percent(share: number): string {
    return `${(share * 100).toFixed(2)}%`;
}

/** The table as Markdown. */
export function markdownOf({ title, head, rows }: SimulationTable): string {
    const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
    return [`${title}:`, '', line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
