import { describe, expect, it } from 'vitest';
import { merge, parseOverride, readOverrides, saveOverrides, withOverrides } from '#core/status/settings.ts';
import { aContract, contractsOf } from '#test/support/builders.ts';
import { createMemoryControl } from '#test/support/fakes/memory-control.ts';

const contracts = contractsOf(aContract({ parameters: { price_reading: 'line_paid', zone: 'UTC' } }));
const unitList = { dataset: 'orders', parameter: 'price_reading', value: 'unit_list' };

describe('parseOverride', () => {
    it('reads dataset, parameter and value; a value may hold = and dots', () => {
        expect(parseOverride('orders.price_reading=unit_list', contracts)).toEqual(unitList);
        expect(parseOverride(' orders.zone=a.b=c ', contracts).value).toBe('a.b=c');
        expect(parseOverride('orders.zone=', contracts).value).toBe('');
    });

    it.each([
        ['price_reading=unit_list', 'Expected a setting such as events.price_reading=unit_list'],
        ['orders.price_reading', 'Write dataset.parameter=value.'],
        ['order.price_reading=x', 'There is no dataset "order" (in order.price_reading=x). Did you mean "orders"?'],
        ['orders.price_readin=x', 'no parameter of orders "price_readin" (in orders.price_readin=x). Did you mean'],
        ['orders.toString=x', 'There is: price_reading, zone.'],
    ])('refuses %s', (text, message) => {
        expect(() => parseOverride(text, contracts)).toThrow(message);
    });
});

describe('saveOverrides', () => {
    it('keeps settings, and says whether they changed', async () => {
        const control = createMemoryControl();

        expect(await saveOverrides(control, [unitList])).toBe(true);
        expect(await saveOverrides(control, [unitList])).toBe(false);
        expect(await readOverrides(control)).toEqual({ orders: { price_reading: 'unit_list' } });
    });

    it('goes back to the contract with an empty value', async () => {
        const control = createMemoryControl();
        await saveOverrides(control, [unitList]);

        expect(await saveOverrides(control, [{ ...unitList, value: '' }])).toBe(true);
        expect(await readOverrides(control)).toEqual({});
    });

    it('writes nothing when there is nothing to change', async () => {
        const control = createMemoryControl();

        expect(await saveOverrides(control, [])).toBe(false);
        expect(control.writes).toEqual([]);
    });
});

describe('withOverrides', () => {
    it('changes the parameters of named datasets and leaves the fingerprint, so that nothing is staged again', () => {
        const changed = withOverrides(contracts, merge({ gone: { a: 'b' } }, [unitList])).get('orders');

        expect(changed?.parameters).toEqual({ price_reading: 'unit_list', zone: 'UTC' });
        expect(changed?.fingerprint).toBe(contracts.get('orders')?.fingerprint);
    });
});
