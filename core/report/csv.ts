/** One cell of a table that people open in a spreadsheet. */
export type CsvValue = string | number | Exact | null;

/** A number as decimal text: `12.50` keeps its last digit. */
export interface Exact {
    readonly exact: string;
}

/**
 * One line of CSV (RFC 4180). A text that a spreadsheet would take for a formula gets a quote in front; numbers stay
 * numbers.
 */
export function csvLine(values: readonly CsvValue[]): string {
    return `${values.map(csvValue).join(',')}\r\n`;
}

function csvValue(value: CsvValue): string {
    if (value === null) return '';
    if (typeof value === 'number') return String(value);
    if (typeof value === 'object') return value.exact;
    const safe = /^[=+@\t\r-]/.test(value) ? `'${value}` : value;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
