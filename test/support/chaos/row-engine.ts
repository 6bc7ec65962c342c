import { createHash } from 'node:crypto';
import { isWithin } from '#core/build/dates.ts';
import type { BoundInput, BuiltPart, Statement, TableEngine } from '#core/build/ports.ts';
import { DataError } from '#core/errors.ts';
import type { Column } from '#core/types.ts';
import type { Disk } from '../fakes/disk.ts';

export type Row = Readonly<Record<string, string | number>>;

const number = (name: string): Column => ({ name, type: 'bigint' });
const DAY: Column = { name: 'day', type: 'date' };

/** A statement the engine knows: what it begins with, what it gives, and how. */
interface Program {
    readonly text: RegExp;
    readonly columns: readonly Column[];
    run(relation: (index: number) => Row[]): Row[];
}

const PROGRAMS: readonly Program[] = [
    {
        text: /^rows of (\w+)$/,
        columns: [number('id'), DAY, number('product'), number('amount')],
        run: (relation) => [...keyed(relation(1), 'id').values()],
    },
    {
        text: /^by day, with the day before, of (\w+)$/,
        columns: [DAY, number('events'), number('amount'), number('before')],
        run: (relation) => {
            const days = sums(relation(1), 'day');
            return [...days].map(([day, { count, amount }]) => {
                const before = new Date(Date.parse(String(day)) - 86_400_000).toISOString().slice(0, 10);
                return { day, events: count, amount, before: days.get(before)?.amount ?? 0 };
            });
        },
    },
    {
        text: /^by product of (\w+) named by (\w+)$/,
        columns: [number('product'), { name: 'name', type: 'varchar' }, number('amount')],
        run: (relation) => {
            const names = keyed(relation(2), 'product');
            return [...sums(relation(1), 'product')].map(([product, { amount }]) => {
                return { product, name: names.get(product)?.name ?? 'unknown', amount };
            });
        },
    },
    {
        text: /^by account of (\w+)$/,
        columns: [number('account'), number('amount')],
        run: (relation) => {
            const sum = sums([...keyed(relation(1), 'payment').values()], 'account');
            return [...sum].map(([account, { amount }]) => ({ account, amount }));
        },
    },
];

/** Rows with an equal key are one row; which one does not depend on the order they come in. */
function keyed(rows: readonly Row[], key: string): Map<string | number, Row> {
    const sorted = rows.map((row) => [JSON.stringify(row), row] as const).sort(([a], [b]) => (a < b ? 1 : -1));
    return new Map(sorted.map(([, row]) => [row[key] as string | number, row]));
}

function sums(rows: readonly Row[], by: string): Map<string | number, { count: number; amount: number }> {
    const found = new Map<string | number, { count: number; amount: number }>();
    for (const row of rows) {
        const sum = found.get(row[by] as string) ?? { count: 0, amount: 0 };
        found.set(row[by] as string, { count: sum.count + 1, amount: sum.amount + Number(row.amount) });
    }
    return found;
}

/** Rows of a file that Stage or a build wrote. */
export function rowsOf(text: string): Row[] {
    return text === '' ? [] : text.split('\n').map((line) => JSON.parse(line) as Row);
}

/** Knows the statements of the chaos tests' models, and no other; files are lines of JSON. */
export function createRowEngine(disk: Disk, files: ReadonlyMap<string, Buffer>): TableEngine {
    function read(input: BoundInput | undefined): Row[] {
        if (input?.kind !== 'files') throw new DataError('Only files can be read.');
        const rows = input.files.flatMap((key) => {
            const found = files.get(key);
            if (!found) throw new DataError(`${key} is not there any more.`);
            return rowsOf(found.toString());
        });
        const { narrow } = input;
        return narrow ? rows.filter((row) => isWithin(String(row[narrow.column]), narrow.ranges)) : rows;
    }

    /** Relations are bound by their names. */
    const relations =
        ({ inputs }: Statement, match: RegExpExecArray) =>
        (index: number) =>
            read(inputs.get(match[index] as string));

    return {
        async build({ statement, key, byDate, folder }) {
            const text = statement.render((name) => name);
            const program = PROGRAMS.find((each) => each.text.test(text));
            const match = program?.text.exec(text);
            if (!program || !match) throw new DataError(`The statement cannot be computed: ${text}`);
            const rows = program.run(relations(statement, match));
            const parts = new Map<string, Row[]>(byDate ? [] : [['all', []]]);
            for (const row of rows.sort((a, b) => (orderOf(a, key) < orderOf(b, key) ? -1 : 1))) {
                const part = byDate ? String(row[byDate.column]) : 'all';
                if (byDate && !isWithin(part, byDate.ranges)) continue;
                parts.set(part, [...(parts.get(part) ?? []), row]);
            }
            const written = [...parts].filter(([, each]) => each.length > 0);
            for (const [part, each] of written) disk.write(`${folder}/table/${part}.json`, textOf(each));
            return {
                columns: program.columns,
                folder: written.length > 0 ? `${folder}/table` : undefined,
                parts: written.map(([part, each]): BuiltPart => {
                    const hash = createHash('sha256').update(textOf(each)).digest('hex');
                    return { part, file: `${part}.json`, rows: each.length, bytes: textOf(each).length, hash };
                }),
            };
        },
        write: async () => {
            throw new DataError('There are no TypeScript models here.');
        },
        async rows(statement) {
            const text = statement.render((name) => name);
            const checked = read(statement.inputs.get('__this'));
            if (text.includes('unbalanced')) return [{ failing: checked.filter(({ amount }) => amount !== 0).length }];
            const [, columns = ''] = /group by ([\w, ]+)\)/.exec(text) ?? [];
            const keys = new Set(checked.map((row) => orderOf(row, columns.split(', '))));
            return [{ failing: checked.length - keys.size }];
        },
        async csv({ inputs, render }, columns, path) {
            const chosen = (name: string) => {
                return inputs.has(name) ? read(inputs.get(name)).map((row) => line(row, columns)) : [];
            };
            const [from = '', without = ''] = [...render((name) => name).matchAll(/from (\w+)/g)].map(
                ([, name]) => name,
            );
            const known = new Set(chosen(without));
            const lines = chosen(from).filter((each) => !known.has(each));
            disk.write(path, lines.join(''));
            return lines.length;
        },
    };
}

function orderOf(row: Row, key: readonly string[]): string {
    return key.map((name) => String(row[name]).padStart(10)).join();
}

function textOf(rows: readonly Row[]): string {
    return rows.map((row) => JSON.stringify(row)).join('\n');
}

function line(row: Row, columns: readonly Column[]): string {
    const fields = columns.map(({ name, type }) => (type === 'varchar' ? `"${row[name]}"` : String(row[name])));
    return `${fields.join()}\n`;
}
