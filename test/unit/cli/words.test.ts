import { InvalidArgumentError } from 'commander';
import { describe, expect, it } from 'vitest';
import { iterationLabel } from '#cli/executions-answer.ts';
import { stateOf, whyNot } from '#cli/ingest/file-results.ts';
import { decimalNumber, isoDate, wholeNumber } from '#cli/numeric-options.ts';
import { rowLines } from '#cli/quarantine-lines.ts';
import { reasonWords } from '#cli/reasons.ts';
import { anEntry } from '#test/support/builders.ts';

describe('numeric options', () => {
    it('read numbers, shares and dates', () => {
        expect([wholeNumber('users', 1)('1_000'), decimalNumber('-0.1'), isoDate('2024-02-29')]).toEqual([
            1000,
            -0.1,
            '2024-02-29',
        ]);
    });

    it.each(['0', '1.5', '1e3', '', '-1', '99999999999999999999'])('refuse "%s" as a number of users', (text) => {
        expect(() => wholeNumber('users', 1)(text)).toThrow('Expected a number of users, at least 1.');
    });

    it('refuse what is no share and no date', () => {
        for (const text of ['', 'x', 'Infinity']) expect(() => decimalNumber(text)).toThrow(InvalidArgumentError);
        for (const text of ['2023-02-29', '2024-1-1', 'today'])
            expect(() => isoDate(text)).toThrow('such as 2024-01-31');
    });
});

it('explains reasons with the column they are about', () => {
    expect(reasonWords('price_paid: not_a_number')).toBe('price_paid: expected a number such as 12.5');
    expect(reasonWords('row: too_few_fields')).toBe('the row has fewer fields than the heading');
    expect(reasonWords('x: new_reason')).toBe('x: new_reason');
});

it('shows rejected rows by their filled fields, or as the line they are', () => {
    const rows = [
        { row: 1234, reasons: ['total: not_money'], raw: '{"id":"1","total":"1e3","note":"","tags":["a"]}' },
        { row: 1235, reasons: ['row: too_few_fields'], raw: '1,\t2' },
    ];

    expect(rowLines(rows, 9, 'orders.csv')).toEqual([
        '9 rows of orders.csv in quarantine, the first 2:',
        '',
        expect.stringMatching(/^row 1,234 {2}total: expected an amount/),
        '  id=1  total=1e3  tags=["a"]',
        'row 1,235  the row has fewer fields than the heading',
        '  1,\\t2',
    ]);
});

it('tells what became of a file', () => {
    const result = { name: 'f', known: false, problem: undefined };
    const rejected = { ...result, entry: anEntry({ state: 'rejected', reason: 'It is empty.' }) };

    expect(stateOf({ ...result, entry: anEntry({ state: 'built' }) })).toBe('accepted');
    expect(stateOf({ ...result, known: true, entry: anEntry({ state: 'built' }) })).toBe('known');
    expect([stateOf(rejected), whyNot(rejected)]).toEqual(['rejected', 'It is empty.']);
    expect([stateOf({ ...result, entry: anEntry() }), whyNot({ ...result, entry: anEntry() })]).toEqual([
        'failed',
        'it was not finished; cartlake ingest takes it up again',
    ]);
    expect(stateOf({ ...result, entry: undefined, problem: 'no permission' })).toBe('failed');
});

it('labels iterations of a build by their models', () => {
    const withInput = (input: string | undefined) => iterationLabel({ states: [{ input } as never] });

    expect(withInput('{"run":"r","model":"fct_events"}')).toBe('fct_events');
    expect(withInput('{"models":["a","b"]}')).toBe('a, b');
    expect(withInput('{"other":1}')).toBeUndefined();
    expect(withInput('{"cut')).toBeUndefined();
    expect(iterationLabel({ states: [] })).toBeUndefined();
});
