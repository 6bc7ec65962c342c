import { describe, expect, it } from 'vitest';
import { changed, ORDERS, problemsOf } from './orders.ts';

/** What is changed in a valid contract, and the one problem line (its beginning) that must follow. */
type Refusal = readonly [name: string, piece: string, replacement: string, problem: string];

const SHAPE: readonly Refusal[] = [
    [
        'a key the standard does not have',
        'status: active',
        'status: active\nowner: me',
        ':6 owner: expected only keys of the Open Data Contract Standard v3, found the key "owner".',
    ],
    [
        'a key the standard does not have on a column',
        '      - name: weight',
        '      - name: weight\n        nullable: true',
        ':51 schema[0].properties[7].nullable: expected only keys',
    ],
    [
        'another version of the standard',
        'v3.1.0',
        'v2.2.2',
        ':1 apiVersion: expected one of v3.0.0, v3.0.1, v3.0.2, v3.1.0, found "v2.2.2". Name the version',
    ],
    ['another kind of document', 'DataContract', 'Pod', ':2 kind: expected "DataContract", found "Pod".'],
    ['a missing id', 'id: orders\n', '', ':1 id: expected a text, found nothing. Add `id`.'],
    ['an empty id', 'id: orders', 'id: ""', ':3 id: expected a text that is not empty, found "".'],
    ['a version of two numbers in quotes', '1.2.3', '"1.2"', ':4 version: expected a text like /'],
    ['a missing purpose', 'purpose', 'usage', ':6 description.purpose: expected a text, found nothing.'],
    [
        'an unknown logical type',
        'logicalType: boolean',
        'logicalType: bool',
        ':53 schema[0].properties[8].logicalType: expected one of string, date, timestamp, time, number, integer,',
    ],
    [
        'a text where a truth value belongs',
        'required: true',
        'required: "yes"',
        ':40 schema[0].properties[5].required: expected boolean, found "yes".',
    ],
    [
        'a list where a map belongs',
        '{ minimum: 1, format: i64 }',
        '[1]',
        ':25 schema[0].properties[1].logicalTypeOptions: expected a map, found a list of 1.',
    ],
];

const COLUMNS: readonly Refusal[] = [
    [
        'a nested type',
        'logicalType: boolean',
        'logicalType: object',
        ':53 schema[0].properties[8].logicalType: expected one of integer, number, string, boolean, date, timestamp, found "object". Staged tables are flat',
    ],
    [
        'a physical type staging does not have',
        'decimal(18, 2)',
        'decimal(10,4)',
        ':48 schema[0].properties[6].physicalType: expected one of double, decimal(18,2) (for logicalType number), found "decimal(10,4)".',
    ],
    [
        'a name that is no plain SQL name',
        'name: weight',
        'name: Weight kg',
        ':50 schema[0].properties[7].name: expected a name of lower-case letters, digits and _',
    ],
    [
        'a name reserved for lineage',
        'name: weight',
        'name: _weight',
        ':50 schema[0].properties[7].name: expected a name',
    ],
    [
        'two columns of one name',
        'name: weight',
        'name: total',
        ':50 schema[0].properties[7]: expected every name and alias once (case does not count), found "total" for total',
    ],
    [
        'an alias that is the name of another column',
        'orderId',
        'STATUS',
        ':37 schema[0].properties[5]: expected every name and alias once (case does not count), found "status" for order_id and for status. Decide which column it means.',
    ],
    [
        'an alias that repeats the name',
        'orderId',
        'ORDER_ID',
        ':21 schema[0].properties[1]: expected every name and alias once (case does not count), found "ORDER_ID" for order_id and for order_id. Remove one of the two.',
    ],
    [
        'an alias that is no text',
        'orderId',
        '7',
        ':27 schema[0].properties[1].customProperties[0].value[0]: expected a text, found 7.',
    ],
    [
        'aliases that are no list',
        '[orderId, " order no "]',
        'orderId',
        ':27 schema[0].properties[1].customProperties[0].value: expected a list of texts, found "orderId".',
    ],
    [
        'a misspelled custom property',
        'property: aliases',
        'property: alias',
        ':27 schema[0].properties[1].customProperties[0].property: expected one of aliases, valueAliases, found "alias". Did you mean `aliases`?',
    ],
    [
        'a custom property nobody reads',
        'property: aliases',
        'property: colour',
        ':27 schema[0].properties[1].customProperties[0].property: expected one of aliases, valueAliases, found "colour". Remove it.',
    ],
    [
        'a key column that need not be there',
        'primaryKeyPosition: 2',
        'primaryKeyPosition: 2\n        required: false',
        ':21 schema[0].properties[0].required: expected true for a key column, found false.',
    ],
    [
        'a partition column that need not be there',
        'partitioned: true',
        'partitioned: true\n        required: false',
        ':32 schema[0].properties[2].required: expected true for the partition column, found false.',
    ],
    [
        'uniqueness outside of the key',
        'required: true',
        'unique: true',
        ':40 schema[0].properties[5].unique: expected unique only on a key column, found true.',
    ],
];

const RULES: readonly Refusal[] = [
    [
        'an option staging does not enforce',
        '{ minimum: 1, format: i64 }',
        '{ multipleOf: 5 }',
        ':25 schema[0].properties[1].logicalTypeOptions.multipleOf: expected only minimum, maximum, format',
    ],
    [
        'a bound with a fraction on an integer',
        'minimum: 1,',
        'minimum: 1.5,',
        ':25 schema[0].properties[1].logicalTypeOptions.minimum: expected a plain number that fits bigint, found "1.5".',
    ],
    [
        'a bound in scientific notation',
        'minimum: 1,',
        'minimum: 1e3,',
        ':25 schema[0].properties[1].logicalTypeOptions.minimum: expected a plain number that fits bigint, found "1e3".',
    ],
    [
        'a bound that is a statement',
        'minimum: 1,',
        'minimum: "1; drop table x",',
        ':25 schema[0].properties[1].logicalTypeOptions.minimum: expected a plain number',
    ],
    [
        'a bound on a text',
        'required: true',
        'logicalTypeOptions: { maximum: 5 }',
        ':40 schema[0].properties[5].logicalTypeOptions.maximum: expected no bounds on a varchar, found "5".',
    ],
    [
        'bounds in the wrong order',
        '0.10',
        '99999',
        ':49 schema[0].properties[6].logicalTypeOptions: expected minimum <= maximum, found 99999 and 9999.5.',
    ],
    [
        'a format nothing reads',
        'i64',
        'u8',
        ':25 schema[0].properties[1].logicalTypeOptions.format: expected i64, found "u8".',
    ],
    [
        'a format on a type without formats',
        '0.10',
        '0, format: f32',
        ':49 schema[0].properties[6].logicalTypeOptions.format: expected no format for decimal(18,2), found "f32".',
    ],
    [
        'a quality rule nobody runs',
        'metric: invalidValues',
        'metric: nullValues',
        ':43 schema[0].properties[5].quality[1]: expected at most one rule: invalidValues with arguments.validValues and mustBe 0, on a string, found a rule "nullValues".',
    ],
    [
        'a tolerance for invalid values',
        'mustBe: 0',
        'mustBe: 5',
        ':43 schema[0].properties[5].quality[1]: expected at most one rule',
    ],
    [
        'a second list of valid values',
        '{ type: text, description: Never goes back. }',
        '{ rule: validValues, validValues: [open, paid] }',
        ':43 schema[0].properties[5].quality[1]: expected at most one rule: invalidValues with arguments.validValues and mustBe 0, on a string, found another rule "invalidValues".',
    ],
    [
        'an empty list of valid values',
        'rguments: { validValues: [open, paid] } }\n        customProperties:\n          - { property: valueAliases, value: { " Offen ": open, OPEN: open } }',
        'rguments: { validValues: [] } }',
        ':43 schema[0].properties[5].quality[1].arguments.validValues: expected at least one value, found none.',
    ],
    [
        'a rule on the whole dataset',
        '    properties:',
        '    quality: [{ metric: rowCount, mustBeGreaterThan: 0 }]\n    properties:',
        ':16 schema[0].quality[0]: expected only rules of type text on a whole dataset, found a rule "rowCount".',
    ],
    [
        'a value alias of a value that is not valid',
        'Offen ": open',
        'Offen ": opened',
        ':45 schema[0].properties[5].customProperties[0].value." Offen ": expected one of the valid values open, paid, found "opened".',
    ],
    [
        'one value with two meanings',
        'OPEN: open',
        'offen: paid',
        ':45 schema[0].properties[5].customProperties[0].value.offen: expected one meaning of "offen", found two.',
    ],
    [
        'value aliases that lead on',
        'OPEN: open',
        'open: paid',
        ':45 schema[0].properties[5].customProperties[0].value: expected an alias that leads to its meaning in one step, found "offen" -> "open" -> "paid". Write "paid" for "offen".',
    ],
    [
        'value aliases that are no map',
        '{ " Offen ": open, OPEN: open }',
        '[open]',
        ':45 schema[0].properties[5].customProperties[0].value: expected a map of texts, found a list of 1.',
    ],
    [
        'a value alias without a meaning',
        'OPEN: open',
        'OPEN:',
        ':45 schema[0].properties[5].customProperties[0].value.OPEN: expected a text, found null.',
    ],
    [
        'value aliases of a number',
        'property: aliases, value: [orderId, " order no "]',
        'property: valueAliases, value: { one: "1" }',
        ':27 schema[0].properties[1].customProperties[0].value: expected valueAliases only on a string, found integer.',
    ],
];

const DATASET: readonly Refusal[] = [
    [
        'a load mode that does not exist',
        'value: upsert',
        'value: merge',
        ':11 schema[0].customProperties[0].value: expected one of append, upsert, replace, snapshot, found "merge".',
    ],
    [
        'no load mode',
        '      - { property: loadMode, value: upsert }\n',
        '',
        ':9 schema[0]: expected loadMode: one of append, upsert, replace, snapshot, found nothing. Add `- {property: loadMode, value: append}`',
    ],
    [
        'a policy that does not exist',
        'value: evolve',
        'value: lenient',
        ':12 schema[0].customProperties[1].value: expected one of strict, evolve, found "lenient".',
    ],
    [
        'a custom property twice',
        'property: schemaPolicy, value: evolve',
        'property: loadMode, value: upsert',
        ':12 schema[0].customProperties[1]: expected `loadMode` once, found it twice.',
    ],
    [
        'no file patterns',
        '      - { property: filePatterns, value: ["orders*.csv"] }\n',
        '',
        ':9 schema[0]: expected filePatterns: at least one pattern, found none.',
    ],
    [
        'a pattern that takes every file',
        'orders*.csv',
        '*',
        ':13 schema[0].customProperties[2].value[0]: expected a pattern of a file name, without folders',
    ],
    [
        'a pattern with a folder',
        'orders*.csv',
        'landing/orders.csv',
        ':13 schema[0].customProperties[2].value[0]: expected a pattern of a file name, without folders',
    ],
    [
        'a version column that does not exist',
        'value: updated_at',
        'value: changed_at',
        ':14 schema[0].customProperties[3].value: expected the name of a timestamp, date or integer column, found "changed_at".',
    ],
    [
        'a version column that has no order',
        'value: updated_at',
        'value: status',
        ':14 schema[0].customProperties[3].value: expected the name of a timestamp, date or integer column, found "status".',
    ],
    [
        'a version column without upsert',
        'value: upsert',
        'value: append',
        ':14 schema[0].customProperties[3].value: expected versionColumn only with loadMode upsert, found loadMode append.',
    ],
    [
        'a parameter that is no text',
        'price_reading: line_paid',
        'price_reading: 1',
        ':15 schema[0].customProperties[4].value.price_reading: expected a text, found 1.',
    ],
    [
        'a dataset that is not named like its file',
        'name: orders',
        'name: order',
        ':9 schema[0].name: expected the name of the file, "orders", found "order". Rename the dataset, or the file to order.odcs.yaml.',
    ],
    [
        'a setting on the contract instead of the dataset',
        'status: active',
        'status: active\ncustomProperties: [{ property: schemaPolicy, value: evolve }]',
        ':6 customProperties[0]: expected schemaPolicy on the dataset, found it on the contract.',
    ],
    [
        'positions that do not count up',
        'primaryKeyPosition: 2',
        'primaryKeyPosition: 3',
        ':16 schema[0].properties: expected primaryKeyPosition 1 to 2, each once, found 3, 1. Number all key columns, or none.',
    ],
    [
        'positions on a part of the key',
        '        primaryKeyPosition: 2\n',
        '',
        ':16 schema[0].properties: expected primaryKeyPosition 1 to 2, each once, found none, 1.',
    ],
    [
        'a position outside of the key',
        'name: weight',
        'name: weight\n        primaryKeyPosition: 3',
        ':51 schema[0].properties[7].primaryKeyPosition: expected a position only on a primary key column, found 3.',
    ],
    [
        'a partition column without dates',
        'logicalType: timestamp\n        partitioned',
        'logicalType: string\n        partitioned',
        ':31 schema[0].properties[2].partitioned: expected a date or a timestamp as partition column, found string.',
    ],
];

describe.each([
    ['shape', SHAPE],
    ['columns', COLUMNS],
    ['rules', RULES],
    ['dataset', DATASET],
])('a contract is refused for its %s:', (_kind, refusals) => {
    it.each(refusals)('%s', (_name, piece, replacement, problem) => {
        const problems = problemsOf(changed(piece, replacement));
        expect(problems.map((line) => line.slice('orders.odcs.yaml'.length, problem.length + 16))).toContain(problem);
    });
});

describe('a contract is refused', () => {
    it('without a key', () => {
        const text = ORDERS.replaceAll(/ +primaryKey(Position)?: .*\n/g, '');
        expect(problemsOf(text)).toEqual([
            expect.stringContaining(
                'schema[0].properties: expected at least one property with `primaryKey: true`, found none. Mark the columns',
            ),
        ]);
    });

    it('with a key where rows are identified by content', () => {
        const text = changed('value: upsert }', 'value: append }\n      - { property: rowIdentity, value: content }');
        expect(problemsOf(text)).toContainEqual(
            expect.stringContaining(
                'schema[0].properties: expected no `primaryKey: true` with rowIdentity content, found line_number, order_id. Remove it, or remove `rowIdentity`.',
            ),
        );
    });

    it('with rows that are identified by content and replace each other', () => {
        const text = changed('value: upsert }', 'value: upsert }\n      - { property: rowIdentity, value: content }');
        expect(problemsOf(text)).toContainEqual(
            expect.stringContaining(
                'expected rowIdentity content only with loadMode append or replace, found loadMode upsert.',
            ),
        );
    });

    it('with two partition columns', () => {
        const text = changed('physicalType: timestamp', 'physicalType: timestamp\n        partitioned: true');
        expect(problemsOf(text)).toEqual([
            'orders.odcs.yaml:35 schema[0].properties[3].partitioned: expected one partition column, found ordered_at and updated_at. Keep one.',
        ]);
    });

    it('with two datasets in one file', () => {
        const text = `${ORDERS}  - name: refunds\n    properties: [{ name: refund_id, logicalType: integer }]\n`;
        expect(problemsOf(text)).toEqual([
            'orders.odcs.yaml:8 schema: expected exactly 1, found a list of 2. Describe one dataset in each contract file.',
        ]);
    });

    it('with a bounded, printable report, whatever is in it', () => {
        const keys = Array.from({ length: 10_000 }, (_, index) => `k${index}: 1\n`).join('');
        expect(problemsOf(`${ORDERS}${keys}`)).toHaveLength(100);
        const [problem = ''] = problemsOf(`${ORDERS}"${'x'.repeat(5_000)}\\0": 1\n`);
        expect(problem.length).toBeLessThan(400);
        expect(problem).not.toContain('\u0000');
    });

    it('with mistakes at the top and below, which are all reported', () => {
        const text = changed('id: orders', 'idd: orders', changed('value: evolve', 'value: lenient'));
        expect(problemsOf(text).map((line) => line.split(' ')[1])).toEqual([
            'id:',
            'idd:',
            'schema[0].customProperties[1].value:',
        ]);
    });
});
