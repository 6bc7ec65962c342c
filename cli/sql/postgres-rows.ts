import type { SelectedRows } from '#adapters/postgres/query.ts';
import type { Rows } from './rows.ts';

/** PostgreSQL's texts as values: numbers that JSON holds exactly and truth values become such. */
export function postgresRows({ columns, rows }: SelectedRows): Rows {
    const convert = columns.map(({ type }) => CONVERTERS[type] ?? ((text: string) => text));
    const values = rows.map((row) =>
        row.map((text, index) => (text === null ? null : (convert[index] as (text: string) => unknown)(text))),
    );
    return {
        columns,
        batches: (async function* () {
            yield values;
        })(),
    };
}

/** Whole numbers beyond 2^53 stay text, as money does. */
function whole(text: string): unknown {
    const number = Number(text);
    return Number.isSafeInteger(number) ? number : text;
}

function floating(text: string): unknown {
    const number = Number(text);
    return Number.isFinite(number) ? number : text;
}

const CONVERTERS: Readonly<Record<string, (text: string) => unknown>> = {
    smallint: whole,
    integer: whole,
    bigint: whole,
    real: floating,
    'double precision': floating,
    boolean: (text) => text === 't',
};
