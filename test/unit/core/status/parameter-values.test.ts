import { expect, it } from 'vitest';
import type { Model } from '#core/models/model.ts';
import { requireKnownValue } from '#core/status/parameter-values.ts';
import { aContract, contractsOf } from '#test/support/builders.ts';

const contracts = contractsOf(aContract({ parameters: { price_reading: 'line_paid', days: '7' } }));
const sql = `select case when reading = 'unit_list' then 1 end -- the shop's 'other'
    from p where coalesce(value, 'line_paid') is not null`;
const model = { language: 'sql', refs: ['contract_parameters'], sql } as unknown as Model;
const graph = { models: new Map([['m', model]]) };

const check = (parameter: string, value: string) => () =>
    requireKnownValue({ dataset: 'orders', parameter, value }, contracts, graph);

it('lets values pass that a model asks for, the own one, and none', () => {
    for (const value of ['unit_list', 'line_paid', '']) expect(check('price_reading', value)).not.toThrow();
});

it('lets any value pass of a parameter that is a measure and no choice', () => {
    expect(check('days', '14')).not.toThrow();
});

it('refuses a value that would silently be read as another', () => {
    expect(check('price_reading', 'unitlist')).toThrow(
        '"unitlist" of orders.price_reading; it would change nothing. Did you mean "unit_list"?',
    );
    expect(check('price_reading', 'other')).toThrow('The contract says line_paid.');
});
