import { describe, expect, it } from 'vitest';
import { UsageError } from '#core/errors.ts';
import { type ShopOptions, shopOf } from '#core/generate/options.ts';

describe('shopOf', () => {
    it('fills in the defaults', () => {
        expect(shopOf({ users: 10, seed: 0, days: undefined })).toEqual({
            users: 10,
            seed: 0,
            startDate: '2024-01-01',
            days: 365,
            effect: 0,
            dirty: 0,
            sessionsPerUser: 3,
            products: 200,
            experiment: 'new_product_page',
        });
    });

    it.each<[Partial<ShopOptions>, string]>([
        [{ users: 0 }, 'expected users to be an integer from 1 to 10000000, found 0. Correct users.'],
        [{ users: 10_000_001 }, 'users'],
        [{ users: 1.5 }, 'found 1.5'],
        [{ seed: -1 }, 'expected seed to be an integer from 0 to 9007199254740991, found -1.'],
        [{ days: 0 }, 'expected days to be an integer from 1 to 3660, found 0.'],
        [{ sessionsPerUser: 21 }, 'expected sessionsPerUser to be an integer from 1 to 20, found 21.'],
        [{ products: 0 }, 'expected products to be an integer from 1 to 100000, found 0.'],
        [{ effect: 1.01 }, 'expected effect to be a number from -1 to 1, found 1.01.'],
        [{ effect: Number.NaN }, 'found NaN'],
        [{ dirty: 0.6 }, 'expected dirty to be a number from 0 to 0.5, found 0.6.'],
        [{ startDate: '2023-02-30' }, 'expected startDate to be a date such as 2024-01-01, found 2023-02-30.'],
        [{ startDate: 'today' }, 'found today'],
        [{ experiment: 'a,b' }, 'expected experiment to be 1 to 64 letters, digits, _ or -, found a,b.'],
    ])('refuses %j', (options, message) => {
        const refused = () => shopOf({ users: 10, seed: 1, ...options });
        expect(refused).toThrow(UsageError);
        expect(refused).toThrow(message);
    });
});
