import { describe, expect, it } from 'vitest';
import { ContractError } from '#core/errors.ts';
import { partPlanner } from '#core/ingest/part-probe.ts';
import { aColumn, aContract } from '#test/support/builders.ts';

const contract = aContract({
    columns: [aColumn('id', { required: true }), aColumn('note'), aColumn('place')],
    key: [],
});

function part(text: string) {
    const head = Buffer.from(text);
    return { head, size: head.length };
}

const rows = (...items: object[]) => part(JSON.stringify(items));
const LONG = 'x'.repeat(1500);

describe('the plan of a file inside an archive', () => {
    it('has the keys of its first rows, whichever file comes before it', () => {
        const planOf = partPlanner(contract);

        const plans = [rows({ id: 'a' }), rows({ id: 'b', note: 'n' }), rows({ id: 'c' })].map(planOf);

        expect(plans[0]).toEqual({ how: 'together', kind: 'json_array', columns: ['id'] });
        expect(plans[1]).toEqual({ how: 'together', kind: 'json_array', columns: ['id', 'note'] });
        // Fewer keys than the file before it had are no reason to look further.
        expect(plans[2]).toBe(plans[1]);
    });

    it('is the same for keys that come late, and may lack them where the file begins as the one before it', () => {
        const late = rows({ id: LONG }, { id: 'b', place: 'p' });

        expect(partPlanner(contract)(late)).toMatchObject({ columns: ['id', 'place'] });
        const planOf = partPlanner(contract);
        planOf(rows({ id: 'a' }));
        // A first row that is longer than a glance shows nothing.
        expect(planOf(late)).toMatchObject({ columns: ['id', 'place'] });
        expect(planOf(rows({ id: 'a' }, { id: LONG }, { id: 'b', note: 'n' }))).toMatchObject({
            columns: ['id', 'place'],
        });
    });

    it('tells lines of objects from an array of them', () => {
        const planOf = partPlanner(contract);
        planOf(rows({ id: 'a' }));

        expect(planOf(part('{"id": "b"}\n'))).toMatchObject({ kind: 'ndjson' });
        expect(planOf(rows({ id: 'c' }))).toMatchObject({ kind: 'json_array' });
    });

    it.each(['[]', '[\n  \n]\n'])('is that there is nothing in %j', (text) => {
        const planOf = partPlanner(contract);
        planOf(rows({ id: 'a' }));

        expect(planOf(part(text))).toEqual({ how: 'empty' });
    });

    it('does not mind blanks before an array', () => {
        const planOf = partPlanner(contract);
        planOf(rows({ id: 'a' }));

        expect(planOf(part(`${' '.repeat(2000)}[{"id": "b", "note": "n"}]`))).toMatchObject({
            columns: ['id', 'note'],
        });
    });

    it('is refused without a column that is required, also after a file that has it', () => {
        const planOf = partPlanner(contract);
        planOf(rows({ id: 'a', note: 'n' }));

        expect(() => planOf(rows({ note: 'n' }))).toThrow(ContractError);
        expect(() => planOf(rows({ note: 'n' }))).toThrow(/id/);
    });
});
