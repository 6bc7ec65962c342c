import { text } from 'node:stream/consumers';
import { coerceError, UsageError } from '#core/errors.ts';
import type { Relation } from '#core/status/relations.ts';
import type { Answer } from '../output/output.ts';
import { table } from '../output/table.ts';

/** Everything that can be asked about. */
export function namesAnswer(relations: readonly Relation[]): Answer {
    const sorted = [...relations].sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
    return {
        document: sorted.map(({ name, kind, about }) => ({ name, kind, about })),
        lines: [
            ...table(
                [{ heading: 'name' }, { heading: 'kind' }, { heading: 'what it is' }],
                sorted.map(({ name, kind, about }) => [name, kind, about]),
            ),
            '',
            'Ask: cartlake sql "select * from NAME limit 5", columns: cartlake sql "describe NAME"',
        ],
    };
}

const ORDER: readonly Relation['kind'][] = ['table', 'view', 'dataset'];

/** Adds the names there are to an error about a name there is not. */
export function suggestNames(thrown: unknown, relations: readonly Relation[]): never {
    const error = coerceError(thrown);
    if (!/table with name .* does not exist/i.test(error.message)) throw error;
    const [first = ''] = error.message.split('\n');
    const names = relations.map(({ name }) => name).join(', ');
    throw new UsageError(`${first}\nThere is: ${names}.\nWhat they are: cartlake sql`, { cause: error });
}

/** A statement from standard input. */
export async function textOfInput(): Promise<string> {
    return text(process.stdin);
}
