import { SECONDS_A_DAY } from './calendar.ts';
import type { Shop } from './options.ts';
import type { Random } from './random.ts';
import { STREAM } from './streams.ts';

const COUNTRIES = ['US', 'CA', 'IN', 'UK', 'DE'] as const;
/** Users enter the experiment within this many days after they signed up. */
const MAX_DAYS_TO_ASSIGNMENT = 7;

/** A user of the shop. Days count from the shop's first day. */
export interface Person {
    readonly id: number;
    readonly signedUpOn: number;
    readonly assignedOn: number;
    readonly treated: boolean;
    readonly country: string;
    readonly device: 'mobile' | 'desktop';
    readonly isNew: boolean;
    /** How eager to buy compared to the average of 1; the same before and after the assignment, whatever the arm. */
    readonly eagerness: number;
}

/** A session, in seconds since the start of the shop's first day. */
export interface Visit {
    readonly start: number;
    readonly end: number;
}

/** The user with this number, from 1. */
export function personOf(shop: Shop, id: number, random: Random): Person {
    random.restart(shop.seed, STREAM.person, id);
    const signedUpOn = random.below(shop.days);
    return {
        id,
        signedUpOn,
        assignedOn: signedUpOn + random.below(MAX_DAYS_TO_ASSIGNMENT + 1),
        treated: random.chance(0.5),
        country: COUNTRIES[random.below(COUNTRIES.length)]!,
        device: random.chance(0.66) ? 'mobile' : 'desktop',
        isNew: random.chance(0.08),
        eagerness: 2 * random.unit(),
    };
}

/** The sessions of a user in order of time, all on or after the day of the signup. */
export function visitsOf(shop: Shop, person: Person, random: Random): Visit[] {
    random.restart(shop.seed, STREAM.visits, person.id);
    const count = 1 + random.below(2 * shop.sessionsPerUser - 1);
    const visits: Visit[] = [];
    for (let visit = 0; visit < count; visit++) {
        visits.push(visitOn(person.signedUpOn + random.below(shop.days - person.signedUpOn), random));
    }
    return visits.sort((a, b) => a.start - b.start);
}

/** A session on a given day: more in the afternoon than at night, 4 to 30 minutes long. */
export function visitOn(day: number, random: Random): Visit {
    const minuteOfDay = Math.floor((random.unit() + random.unit()) * 720 + 240) % 1440;
    const start = day * SECONDS_A_DAY + minuteOfDay * 60;
    return { start, end: start + (4 + random.below(27)) * 60 };
}
