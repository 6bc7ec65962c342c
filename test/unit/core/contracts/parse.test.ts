import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseContract, parseContracts } from '#core/contracts/parse.ts';
import { datasetOfFile } from '#core/contracts/patterns.ts';
import { UsageError } from '#core/errors.ts';
import { changed, ORDERS, problemsOf } from './orders.ts';

const FILE = 'orders.odcs.yaml';
const column = (name: string, text = ORDERS) => parseContract(text, FILE).columns.find((one) => one.name === name);

describe('parseContract', () => {
    it('compiles names, key, load mode, policy, patterns, parameters and partition', () => {
        expect(parseContract(ORDERS, 'contracts/orders.odcs.yaml')).toMatchObject({
            dataset: 'orders',
            version: '1.2.3',
            purpose: 'Orders of the shop.',
            rowIdentity: 'key',
            key: ['order_id', 'line_number'],
            load: 'upsert',
            schemaPolicy: 'evolve',
            dateColumn: 'ordered_at',
            versionColumn: 'updated_at',
            filePatterns: ['orders*.csv'],
            parameters: { price_reading: 'line_paid' },
        });
    });

    it('keeps the columns in their order and maps logical and physical types', () => {
        expect(parseContract(ORDERS, FILE).columns.map(({ name, type }) => `${name} ${type}`)).toEqual([
            'line_number bigint',
            'order_id bigint',
            'ordered_at timestamp',
            'updated_at timestamp',
            'shipped_on date',
            'status varchar',
            'total decimal(18,2)',
            'weight double',
            'is_gift boolean',
        ]);
    });

    it('requires key columns and the partition column without being told', () => {
        expect(column('order_id')?.required).toBe(true);
        expect(column('ordered_at')?.required).toBe(true);
        expect(column('status')?.required).toBe(true);
        expect(column('shipped_on')?.required).toBe(false);
    });

    it('takes the physical name and the aliases, trimmed, as other headings', () => {
        expect(column('ordered_at')?.aliases).toEqual(['order_ts']);
        expect(column('order_id')?.aliases).toEqual(['orderId', 'order no']);
    });

    it('keeps bounds as they are written', () => {
        expect(column('total')).toMatchObject({ minimum: '0.10', maximum: '9999.5' });
        expect(column('order_id')).toMatchObject({ minimum: '1', maximum: undefined });
    });

    it('normalizes the found side of value aliases and leaves the meaning alone', () => {
        const text = changed('{ " Offen ": open, OPEN: open }', '{ " Offen ": open, PAID: paid }');
        expect(column('status', text)?.valueAliases).toEqual({ offen: 'open', paid: 'paid' });
        expect(column('status', text)?.description).toBe('Where the order stands.');
    });

    it('reads allowed values in the form of 3.1 and in the form before it', () => {
        const old = changed(
            '{ metric: invalidValues, mustBe: 0, arguments: { validValues: [open, paid] } }',
            '{ rule: validValues, validValues: [open, paid] }',
        );
        expect(column('status')?.allowedValues).toEqual(['open', 'paid']);
        expect(column('status', old)?.allowedValues).toEqual(['open', 'paid']);
        expect(column('weight')?.allowedValues).toBeUndefined();
    });

    it('is strict about unknown columns when the contract does not say', () => {
        const text = changed('      - { property: schemaPolicy, value: evolve }\n', '');
        expect(parseContract(text, FILE).schemaPolicy).toBe('strict');
    });

    it('throws one usage error with all problems of the file in order of their lines', () => {
        const text = changed('version: 1.2.3', 'version: 1.2', changed('value: upsert', 'value: merge'));
        const error = thrownBy(() => parseContract(changed('status: active', 'statsu: active', text), FILE));
        expect(error).toBeInstanceOf(UsageError);
        expect(error.message.split('\n').map((line) => line.trim().split(' ', 1)[0])).toEqual([
            '4',
            'orders.odcs.yaml:1',
            'orders.odcs.yaml:4',
            'orders.odcs.yaml:5',
            'orders.odcs.yaml:11',
        ]);
    });
});

describe('parseContracts', () => {
    it('returns the contracts by dataset', () => {
        const refunds = changed('name: orders', 'name: refunds', changed('orders*.csv', 'refunds*.csv'));
        const contracts = parseContracts([
            { name: FILE, text: ORDERS },
            { name: 'refunds.odcs.yaml', text: refunds },
        ]);
        expect([...contracts.keys()]).toEqual(['orders', 'refunds']);
        expect(contracts.get('refunds')?.filePatterns).toEqual(['refunds*.csv']);
    });

    it('collects the problems of all files', () => {
        const error = thrownBy(() =>
            parseContracts([
                { name: 'b.odcs.yaml', text: 'a: [' },
                { name: FILE, text: changed('value: upsert', 'value: merge') },
            ]),
        );
        expect(error.message).toMatch(/^2 problems in the contracts:\n {2}b\.odcs\.yaml:1/);
        expect(error.message).toContain('\n  orders.odcs.yaml:11 schema[0].customProperties[0].value');
    });

    it('refuses two contracts of one dataset', () => {
        const files = ['a/orders.odcs.yaml', 'b/orders.odcs.yaml'].map((name) => ({ name, text: ORDERS }));
        expect(() => parseContracts(files)).toThrow(
            'b/orders.odcs.yaml:1: expected one contract of orders, found another in a/orders.odcs.yaml. Keep one of the two.',
        );
    });

    it('refuses file patterns that could assign one file to two datasets', () => {
        const other = changed('name: orders', 'name: refunds', changed('orders*.csv', 'order?_*.csv'));
        const files = [
            { name: FILE, text: ORDERS },
            { name: 'refunds.odcs.yaml', text: other },
        ];
        expect(() => parseContracts(files)).toThrow('found "order?_*.csv", which overlaps "orders*.csv" of orders.');
    });
});

describe("the project's contracts", () => {
    const folder = new URL('../../../../contracts/', import.meta.url);
    const files = readdirSync(folder).map((name) => ({ name, text: readFileSync(new URL(name, folder), 'utf8') }));
    const contracts = parseContracts(files);

    it('describe the feeds of a shop', () => {
        expect([...contracts.keys()]).toEqual(
            expect.arrayContaining([
                'customers',
                'events',
                'experiment_assignments',
                'order_events',
                'products',
                'sessions',
                'users',
            ]),
        );
    });

    it('name every canonical event as an alias of itself, so that case does not split it', () => {
        const { valueAliases } = contracts.get('events')!.columns.find(({ name }) => name === 'event_name')!;
        for (const meant of new Set(Object.values(valueAliases))) expect(valueAliases[meant]).toBe(meant);
        expect(valueAliases).toMatchObject({
            checkout_start: 'begin_checkout',
            checkout_begin: 'begin_checkout',
            addtocart: 'add_to_cart',
            pdp: 'pdp_view',
        });
    });

    it('keep a user with two variants visible as two rows', () => {
        expect(contracts.get('experiment_assignments')!.key).toEqual(['experiment_id', 'user_id', 'variant']);
    });

    it('load and partition as intended', () => {
        const shape = [...contracts.values()].map(({ dataset, load, dateColumn }) => [dataset, load, dateColumn]);
        expect(shape).toEqual(
            expect.arrayContaining([
                ['customers', 'snapshot', undefined],
                ['events', 'append', 'occurred_at'],
                ['experiment_assignments', 'upsert', undefined],
                ['order_events', 'append', 'occurred_at'],
                ['products', 'upsert', undefined],
                ['sessions', 'append', 'started_at'],
                ['users', 'upsert', undefined],
            ]),
        );
        expect(contracts.get('events')!.parameters).toEqual({ price_reading: 'line_paid' });
    });

    it('tell weekly archives of order events from files of events by their names', () => {
        const order = ['events_2023_week_43.zip', 'events_week_43.zip', 'events_2023_W43.zip', 'events_2023-w43.zip'];
        for (const name of [...order, 'events_2023_week_43.csv.zip', 'order_events.json', 'order_events_1.csv.gz']) {
            expect(`${name}: ${datasetOfFile(contracts, name)}`).toBe(`${name}: order_events`);
        }
        for (const name of ['events.csv', 'events.csv.zip', 'events_2023_week_43.json', 'events_w43.ndjson.gz']) {
            expect(`${name}: ${datasetOfFile(contracts, name)}`).toBe(`${name}: events`);
        }
    });

    it('identify order events, which have no id, by their place in their bytes', () => {
        expect(contracts.get('order_events')).toMatchObject({ rowIdentity: 'content', key: [] });
    });

    it('have no problems when checked one by one', () => {
        for (const { name, text } of files) expect(problemsOf(text, name)).toEqual([]);
    });
});

function thrownBy(act: () => unknown): Error {
    try {
        act();
    } catch (error) {
        return error as Error;
    }
    throw new Error('nothing was thrown');
}
