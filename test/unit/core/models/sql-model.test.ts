import { describe, expect, it } from 'vitest';
import { UsageError } from '#core/errors.ts';
import { parseSqlModel } from '#core/models/sql-model.ts';

const HEADER = `model: fct_events
purpose: Every event once.
grain: one row per event
key: [event_id]
kind: by_date
date: occurred_on`;

function file(header: string, sql = "select * from {{ ref('events') }}"): string {
    return `/* ---\n${header}\n--- */\n${sql}\n`;
}

function parse(header: string, sql?: string, checks?: string) {
    return parseSqlModel('models/shop/fct_events.sql', file(header, sql), checks);
}

describe('a model file', () => {
    it('is read into header, statement and refs', () => {
        const model = parse(
            `${HEADER}\nlookback: all\nlookahead: 7\nwatermark: events\npublish: shop_events`,
            "select * from {{ ref('events') }} join {{ref( 'watermarks' )}} using (x) join {{ ref('events') }} using (y);",
        );

        expect(model).toMatchObject({
            name: 'fct_events',
            purpose: 'Every event once.',
            grain: 'one row per event',
            key: ['event_id'],
            kind: 'by_date',
            dateColumn: 'occurred_on',
            lookback: 'all',
            lookahead: 7,
            watermark: 'events',
            publish: 'shop_events',
            language: 'sql',
            refs: ['events', 'watermarks'],
        });
        expect(model.sql).toMatch(/^select .*using \(y\)$/);
    });

    it('looks neither back nor ahead, and is not published, unless it says so', () => {
        expect(parse(HEADER)).toMatchObject({
            lookback: 0,
            lookahead: 0,
            watermark: undefined,
            publish: undefined,
        });
    });

    it('may have Windows line ends', () => {
        expect(parseSqlModel('fct_events.sql', file(HEADER).replaceAll('\n', '\r\n')).name).toBe('fct_events');
    });

    it('has a code hash that follows header and statement, but not the prose', () => {
        const code = parse(HEADER).code;

        expect(parse(HEADER.replace('Every event once.', 'Each event.')).code).toBe(code);
        expect(parse(`${HEADER}\nlookback: 1`).code).not.toBe(code);
        expect(parse(HEADER, "select 1 from {{ ref('events') }}").code).not.toBe(code);
        expect(parse(HEADER, undefined, '-- check: a\nselect 1').code).not.toBe(code);
    });
});

describe('checks of a header', () => {
    it('always contain that the key is unique', () => {
        expect(parse(HEADER).checks).toEqual([
            { kind: 'unique', name: 'unique_event_id', severity: 'halt', columns: ['event_id'] },
        ]);
    });

    it('leave the key to an own check of that name', () => {
        const { checks } = parse(`${HEADER}\nchecks:\n  - unique: {columns: [event_id], severity: warn}`);

        expect(checks).toEqual([{ kind: 'unique', name: 'unique_event_id', severity: 'warn', columns: ['event_id'] }]);
    });

    it('are read in every kind, with derived names and halt as the default', () => {
        const { checks } = parse(`${HEADER}
checks:
  - not_null: [a, b]
  - accepted_values: {column: variant, values: [control, 1]}
  - relationship: {column: user_id, to: dim_users, toColumn: user_id, severity: warn}
  - row_count_delta: {atMost: 0.5}
  - reconcile: {column: revenue, other: fct_x, otherColumn: revenue, tolerance: 0.01, name: same_revenue}
  - freshness: {column: occurred_on, atMostDays: 2}`);

        expect(checks.slice(1)).toEqual([
            { kind: 'not_null', name: 'not_null_a_b', severity: 'halt', columns: ['a', 'b'] },
            {
                kind: 'accepted_values',
                name: 'accepted_values_variant',
                severity: 'halt',
                column: 'variant',
                values: ['control', '1'],
            },
            {
                kind: 'relationship',
                name: 'relationship_user_id_dim_users',
                severity: 'warn',
                column: 'user_id',
                to: 'dim_users',
                toColumn: 'user_id',
            },
            { kind: 'row_count_delta', name: 'row_count_delta', severity: 'halt', atMost: 0.5 },
            {
                kind: 'reconcile',
                name: 'same_revenue',
                severity: 'halt',
                column: 'revenue',
                other: 'fct_x',
                otherColumn: 'revenue',
                tolerance: 0.01,
            },
            {
                kind: 'freshness',
                name: 'freshness_occurred_on',
                severity: 'halt',
                column: 'occurred_on',
                atMostDays: 2,
            },
        ]);
    });

    it('in the file beside the model are queries, halting unless they say otherwise', () => {
        const { checks } = parse(
            HEADER,
            undefined,
            "-- Why these.\n-- check: no_future\nselect 1 from {{ ref('this') }};\n\n-- check: known\n-- severity: warn\nselect 2\n",
        );

        expect(checks.slice(1)).toEqual([
            { kind: 'rows', name: 'no_future', severity: 'halt', sql: "select 1 from {{ ref('this') }}" },
            { kind: 'rows', name: 'known', severity: 'warn', sql: 'select 2' },
        ]);
    });
});

describe('a model file is refused', () => {
    it.each([
        ['without a header', 'select 1', /expected a header first/],
        ['with a header that is not YAML', file('model: [a'), /the header is not YAML/],
        [
            'whose header would expand to a billion values',
            file(`${HEADER}\na: &a [x, x, x, x]\nb: &b [*a, *a, *a, *a]\nc: [*b, *b, *b, *b]`),
            /the header holds a YAML alias/,
        ],
        ['whose header is nested without end', file(`model: ${'['.repeat(20_000)}`), /the header is not YAML/],
        ['with a header key given twice', file(`${HEADER}\nkind: table`), /the header is not YAML: .*unique/],
        ['without a statement', file(HEADER, ''), /there is no statement below the header/],
        ['with another template token', file(HEADER, 'select {{ config(x) }}'), /\{\{ config\(x\) }} is not known/],
        ['under another name', file(HEADER.replace('fct_events', 'events2')), /the header names the model "events2"/],
        [
            'with an unknown header key',
            file(`${HEADER}\nlookbak: 3`),
            /header: unknown key "lookbak" \(did you mean "lookback"\?\)/,
        ],
        ['without a grain', file(HEADER.replace(/grain.*\n/, '')), /header, grain: is missing: say what one row is/],
        ['without a key', file(HEADER.replace(/key.*\n/, '')), /a by_date model needs "key"/],
        ['with a lookback in words', file(`${HEADER}\nlookback: week`), /lookback: must be a number of days or "all"/],
        ['by_date without a date', file(HEADER.replace(/date: .*/, '')), /a by_date model needs "date"/],
        ['with a date in a table', file(HEADER.replace('by_date', 'table')), /"date" has no meaning in a table model/],
        [
            'with lookback and lookahead in a table',
            file(`${HEADER.replace('by_date', 'table').replace(/date: .*/, 'lookback: 1')}\nlookahead: 1`),
            /"lookback" has no meaning in a table model\n.*"lookahead" has no meaning in a table model/,
        ],
        [
            'with windows that close unwatched',
            file(`${HEADER}\ncloses: 7`),
            /"closes" has a meaning only in .* "watermark"/,
        ],
        [
            'with what needs storage in a view',
            file(
                `${HEADER.replace('by_date', 'view').replace(/date: .*/, 'watermark: x')}\npublish: x\nchecks: [{not_null: [a]}]`,
            ),
            /"checks" has no meaning in a view.*\n.*"publish" has.*\n.*"watermark" has/,
        ],
        [
            'with an unknown check',
            file(`${HEADER}\nchecks:\n  - uniqe: [a]`),
            /check "uniqe" is not one of unique.*did/,
        ],
        ['with a check of two kinds', file(`${HEADER}\nchecks:\n  - {unique: [a], not_null: [a]}`), /one mapping/],
        ['with a check that is a word', file(`${HEADER}\nchecks: [unique]`), /one mapping .* found "unique"/],
        [
            'with an unknown key in a check',
            file(`${HEADER}\nchecks:\n  - freshness: {column: a, atMostDay: 1, sevrity: warn}`),
            /check "freshness": unknown key "atMostDay" \(did you mean "atMostDays"\?\)[\s\S]*"sevrity" \(did you mean "severity"\?\)/,
        ],
        ['with a check of no column', file(`${HEADER}\nchecks:\n  - not_null: []`), /must name at least one column/],
        [
            'with two checks of one name',
            file(`${HEADER}\nchecks:\n  - not_null: [a]\n  - not_null: [a]`),
            /two checks are named "not_null_a"/,
        ],
    ])('%s', (_case, text, message) => {
        const parsing = () => parseSqlModel('models/fct_events.sql', text);

        expect(parsing).toThrow(UsageError);
        expect(parsing).toThrow(message);
        expect(parsing).toThrow(/^models\/fct_events\.sql: /);
    });

    it.each([
        ['a query above the first name', 'select 1', /a query must stand below a line "-- check: name"/],
        [
            'a name that is no name',
            '-- check: No Future\nselect 1',
            /"-- check: No Future" must give a lower-case name/,
        ],
        ['an unknown severity', '-- check: a\n-- severity: stop\nselect 1', /check "a": severity must be warn or halt/],
        ['a name without query', '-- check: a\n', /check "a" has no query/],
        ['another template token', '-- check: a\nselect {{ x }}', /\{\{ x }} is not known/],
        ['the name of a header check', '-- check: unique_event_id\nselect 1', /two checks are named "unique_event_id"/],
    ])('for %s in its checks file', (_case, checks, message) => {
        expect(() => parse(HEADER, undefined, checks)).toThrow(message);
    });

    it('with all its faults named at once', () => {
        expect(() => parse(`${HEADER}\nlookbak: 3`, 'select {{ a }}, {{ b }}')).toThrow(
            /lookbak[\s\S]*\{\{ a }}[\s\S]*\{\{ b }}/,
        );
    });
});
