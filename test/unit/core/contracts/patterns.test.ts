import { describe, expect, it } from 'vitest';
import { parseContract } from '#core/contracts/parse.ts';
import { datasetOfFile, patternsOverlap } from '#core/contracts/patterns.ts';
import { changed } from './orders.ts';

function contractsWith(...patterns: string[]) {
    const text = changed('["orders*.csv"]', JSON.stringify(patterns));
    return new Map([['orders', parseContract(text, 'orders.odcs.yaml')]]);
}

describe('datasetOfFile', () => {
    it.each([
        ['orders.csv', 'orders'],
        ['orders_2024-01-01.csv', 'orders'],
        ['ORDERS.CSV', 'orders'],
        ['orders.csv.gz', 'orders'],
        ['Orders.csv.GZ', 'orders'],
        ['in/box/orders.csv', 'orders'],
        ['C:\\in\\orders.csv', 'orders'],
        ['orders.csv.zip', 'orders'],
        ['orders.csv.zip.gz', 'orders'],
        ['orders.csv.gz.zip', undefined],
        ['orders.zip', undefined],
        ['orders.csv.gz.gz', undefined],
        ['my_orders.csv', undefined],
        ['orders.csvx', undefined],
        ['orders/other.csv', undefined],
        ['', undefined],
    ])('takes %j for %s', (name, dataset) => {
        expect(datasetOfFile(contractsWith('orders*.csv'), name)).toBe(dataset);
    });

    it('lets ? stand for exactly one character and takes dots literally', () => {
        const contracts = contractsWith('o?.csv', 'Exact.txt');
        expect(datasetOfFile(contracts, 'ox.csv')).toBe('orders');
        expect(datasetOfFile(contracts, 'o.csv')).toBeUndefined();
        expect(datasetOfFile(contracts, 'oxx.csv')).toBeUndefined();
        expect(datasetOfFile(contracts, 'oxacsv')).toBeUndefined();
        expect(datasetOfFile(contracts, 'exact.txt')).toBe('orders');
    });

    it('takes an archive by a pattern that names archives before one that names what is in it', () => {
        const archives = parseContract(
            changed('["orders*.csv"]', '["*_week_*.zip"]', changed('name: orders', 'name: weeks')),
            'weeks.odcs.yaml',
        );
        const contracts = new Map([...contractsWith('orders*.csv'), ['weeks', archives]]);
        expect(datasetOfFile(contracts, 'orders_week_1.csv.zip')).toBe('weeks');
        expect(datasetOfFile(contracts, 'orders_1.csv.zip')).toBe('orders');
    });

    it('takes stars in a file name literally', () => {
        expect(datasetOfFile(contractsWith('orders.csv'), '*.csv')).toBeUndefined();
        expect(datasetOfFile(contractsWith('orders.csv'), 'orders?csv')).toBeUndefined();
    });

    it('stays quick on a pattern of many stars', () => {
        const pattern = `${'*a'.repeat(60)}b`;
        expect(datasetOfFile(contractsWith(pattern), `${'a'.repeat(2_000)}c`)).toBeUndefined();
    });
});

describe('patternsOverlap', () => {
    it.each([
        ['events*.csv', 'events_2024.csv', true],
        ['events*.csv', '*_2024.csv', true],
        ['a*b', 'ab', true],
        ['a*b', 'a?b', true],
        ['*', '', true],
        ['A.csv', 'a.CSV', true],
        ['events*.csv', 'sessions*.csv', false],
        ['events*.csv', 'events*.json', false],
        ['a?b', 'ab', false],
        ['a?', 'a', false],
    ])('%j and %j: %s', (a, b, answer) => {
        expect(patternsOverlap(a, b)).toBe(answer);
        expect(patternsOverlap(b, a)).toBe(answer);
    });
});
