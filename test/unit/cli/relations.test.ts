import { describe, expect, it } from 'vitest';
import { namedIn } from '#cli/sql/relations.ts';
import type { Relation } from '#core/status/relations.ts';

const RELATIONS = ['events', 'fct_events', 'dim_users'].map(
    (name): Relation => ({ name, kind: 'table', about: '', statement: { inputs: new Map(), render: () => '' } }),
);
const namesIn = (statement: string) => namedIn(statement, RELATIONS).map(({ name }) => name);

describe('the relations a statement names', () => {
    it('are those whose whole names stand in it, in any case', () => {
        expect(namesIn('select 1 from FCT_EVENTS join "dim_users" using (user_id)')).toEqual([
            'fct_events',
            'dim_users',
        ]);
        expect(namesIn('from events')).toEqual(['events']);
    });

    it('are all of them where none is named', () => {
        expect(namesIn('show tables')).toEqual(['events', 'fct_events', 'dim_users']);
    });
});
