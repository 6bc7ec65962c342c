import { describe, expect, it } from 'vitest';
import { shopOf } from '#core/generate/options.ts';
import { personOf, visitsOf } from '#core/generate/people.ts';
import { purchasesIn } from '#core/generate/purchases.ts';
import { Random } from '#core/generate/random.ts';
import { generateShop } from '#core/generate/shop.ts';
import { STREAM } from '#core/generate/streams.ts';
import { rowsOf } from './read.ts';

/** Users with a session after their assignment, those of them who buy then, and their purchases, by arm. */
function outcome(users: number, effect: number) {
    const shop = shopOf({ users, seed: 11, effect });
    const random = new Random();
    const arms = { control: { users: 0, buyers: 0, purchases: 0 }, treatment: { users: 0, buyers: 0, purchases: 0 } };
    let purchasesBefore = 0;
    for (let id = 1; id <= users; id++) {
        const person = personOf(shop, id, random);
        const visits = visitsOf(shop, person, random);
        const buys = purchasesIn(shop, person, visits, random.restart(shop.seed, STREAM.purchases, id));
        const after = visits.map(({ start }) => start >= person.assignedOn * 86_400);
        const arm = arms[person.treated ? 'treatment' : 'control'];
        const purchases = buys.filter((bought, at) => bought && after[at]).length;
        purchasesBefore += buys.filter((bought, at) => bought && !after[at]).length;
        arm.users += after.includes(true) ? 1 : 0;
        arm.buyers += purchases > 0 ? 1 : 0;
        arm.purchases += purchases;
    }
    return { ...arms, purchasesBefore };
}

describe('the planted effect', () => {
    const none = outcome(200_000, 0);
    const tenPercent = outcome(200_000, 0.1);

    it('is nothing when it is 0: both arms buy alike', () => {
        const rate = (arm: { users: number; buyers: number }) => arm.buyers / arm.users;
        // About 8,000 buyers in each arm: the standard error of the ratio is 0.015.
        expect(Math.abs(rate(none.treatment) / rate(none.control) - 1)).toBeLessThan(0.045);
    });

    it('multiplies buyers after the assignment by 1 + effect', () => {
        // The same users buy as without effect, and a tenth more: the standard error is sqrt(0.1 / buyers) = 0.0035.
        expect(Math.abs(tenPercent.treatment.buyers / none.treatment.buyers - 1.1)).toBeLessThan(0.011);
    });

    it('multiplies purchases by the same factor', () => {
        expect(Math.abs(tenPercent.treatment.purchases / none.treatment.purchases - 1.1)).toBeLessThan(0.015);
    });

    it('leaves control and everything before the assignment alone', () => {
        expect(tenPercent.control).toEqual(none.control);
        expect(tenPercent.purchasesBefore).toBe(none.purchasesBefore);
        expect(none.purchasesBefore).toBeGreaterThan(100);
    });

    it('can double purchases or take them all away', () => {
        const doubled = outcome(20_000, 1).treatment.buyers / outcome(20_000, 0).treatment.buyers;
        // About 800 buyers, and each buyer's double is a coin of its own: the standard error is 0.035.
        expect(Math.abs(doubled - 2)).toBeLessThan(0.14);
        expect(outcome(20_000, -1).treatment.buyers).toBe(0);
    });

    it('is found in the files', () => {
        const shop = generateShop({ users: 20_000, seed: 5, effect: 1 });
        const assigned = new Map(rowsOf(shop, 'experiment_assignments').map((row) => [row.user_id, row]));
        const buyers = { control: new Set<string>(), treatment: new Set<string>() };
        for (const event of rowsOf(shop, 'events')) {
            const { variant, assignment_ts } = assigned.get(event.user_id)!;
            if (event.event_type !== 'purchase' || event.event_ts! < assignment_ts!) continue;
            buyers[variant as 'control' | 'treatment'].add(event.user_id!);
        }
        const ratio = buyers.treatment.size / buyers.control.size;
        // About 800 and 1,600 buyers: the standard error of the ratio is 0.085.
        expect(Math.abs(ratio - 2)).toBeLessThan(0.25);
    });
});

describe('eagerness', () => {
    it('makes those who bought before more likely to buy after, in either arm', () => {
        const shop = shopOf({ users: 200_000, seed: 3, days: 30, sessionsPerUser: 5 });
        const random = new Random();
        const counts = { bought: [0, 0], not: [0, 0] };
        for (let id = 1; id <= shop.users; id++) {
            const person = personOf(shop, id, random);
            const visits = visitsOf(shop, person, random);
            const buys = purchasesIn(shop, person, visits, random.restart(shop.seed, STREAM.purchases, id));
            const first = visits.findIndex(({ start }) => start >= person.assignedOn * 86_400);
            if (first < 1) continue;
            const count = counts[buys.slice(0, first).includes(true) ? 'bought' : 'not'];
            count[0]! += 1;
            count[1]! += buys.slice(first).includes(true) ? 1 : 0;
        }
        expect(counts.bought[1]! / counts.bought[0]!).toBeGreaterThan((1.1 * counts.not[1]!) / counts.not[0]!);
    });
});
