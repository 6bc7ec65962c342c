import { SECONDS_A_DAY } from './calendar.ts';
import type { Shop } from './options.ts';
import type { Person, Visit } from './people.ts';
import type { Random } from './random.ts';

/** Chance that a session of an average user ends in a purchase. */
const BASE_RATE = 0.03;
/** With at most this chance without treatment, doubling it (the largest effect) is still a chance. */
const MAX_CHANCE = 0.5;

/**
 * Which sessions end in a purchase. Whether a user buys at all is drawn once for the sessions before the assignment
 * and once for those after it; how often is drawn then, without regard to the arm. So the treatment multiplies the
 * share of users who buy after their assignment by exactly 1 + effect in expectation, and their purchases and revenue
 * with it; sessions before the assignment know nothing of it.
 */
export function purchasesIn(shop: Shop, person: Person, visits: readonly Visit[], random: Random): boolean[] {
    const assignedAt = person.assignedOn * SECONDS_A_DAY;
    const firstAfter = visits.findIndex(({ start }) => start >= assignedAt);
    const before = firstAfter === -1 ? visits.length : firstAfter;
    const factor = person.treated ? 1 + shop.effect : 1;
    return [
        ...draw(before, person.eagerness, 1, random),
        ...draw(visits.length - before, person.eagerness, factor, random),
    ];
}

function draw(count: number, eagerness: number, factor: number, random: Random): boolean[] {
    const buys = new Array<boolean>(count).fill(false);
    const rate = BASE_RATE * eagerness;
    const anyOf = Math.min(MAX_CHANCE, 1 - (1 - rate) ** count);
    if (count === 0 || !random.chance(anyOf * factor)) return buys;
    const first = random.below(count);
    return buys.map((_, visit) => visit === first || random.chance(rate));
}
