import { describe, expect, it } from 'vitest';
import { executionName, ledgerId } from '#core/ledger/entry.ts';
import { anObject } from '#test/support/builders.ts';

describe('the ledger id of an object', () => {
    it('is the same for the same object and fits any file name', () => {
        const id = ledgerId(anObject({ key: 'landing/orders/Bestellungen (März) €.csv' }));

        expect(id).toMatch(/^[0-9a-f]{32}$/);
        expect(ledgerId(anObject({ key: 'landing/orders/Bestellungen (März) €.csv' }))).toBe(id);
    });

    it('differs when bucket, key or version does', () => {
        const ids = [
            anObject(),
            anObject({ bucket: 'other' }),
            anObject({ key: 'landing/orders/other.csv' }),
            anObject({ version: 'v2' }),
            anObject({ bucket: 'lake\nlanding/orders/orders.csv', key: 'v1', version: '' }),
        ].map(ledgerId);

        expect(new Set(ids).size).toBe(ids.length);
    });
});

it('names the execution of an attempt so that the service accepts it', () => {
    const name = executionName({ id: ledgerId(anObject()), attempt: 20 });

    expect(name).toMatch(/^[0-9a-f]{32}-20$/);
    expect(name.length).toBeLessThanOrEqual(80);
});
