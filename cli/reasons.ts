import { REASONS } from '#core/ingest/reasons.ts';
import { count } from './output/numbers.ts';
import { table } from './output/table.ts';

/** `price_paid: not_a_number` in words: `price_paid: expected a number such as 12.5`. */
export function reasonWords(reason: string): string {
    const [, place = '', name = reason] = /^(.*): (\w+)$/.exec(reason) ?? [];
    const sentence = REASONS[name as keyof typeof REASONS] ?? name;
    return place === '' || place === 'row' ? sentence : `${place}: ${sentence}`;
}

/** Reasons with how many rows have them, most frequent first. */
export function reasonLines(reasons: Readonly<Record<string, number>>): string[] {
    const rows = Object.entries(reasons)
        .sort(([, a], [, b]) => b - a)
        .map(([reason, rows]) => [count(rows), reason, reasonWords(reason).replace(/^[^:]+: /, '')]);
    return table([{ heading: 'rows', align: 'right' }, { heading: 'reason' }, { heading: 'in words' }], rows);
}
