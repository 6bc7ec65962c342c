import { type Calendar, calendarFrom } from './calendar.ts';
import { EVENT_COLUMNS, sessionRows } from './events.ts';
import { csvFile, eventsFile, type GeneratedFiles } from './files.ts';
import { integer, type Shop, type ShopOptions, shopOf } from './options.ts';
import { type Person, type Visit, visitOn } from './people.ts';
import { productsOf } from './products.ts';
import { purchasesIn } from './purchases.ts';
import { Random } from './random.ts';
import { people, SESSION_COLUMNS, sessionRow } from './shop.ts';
import { STREAM } from './streams.ts';

/** Ids of a later day start at its number times this: above all ids of the shop and of the days before. */
const ID_BLOCK = 10_000_000_000;

/**
 * One more day of a generated shop: `sessions_<date>.csv` and `events_<date>.csv` of its users, with fresh ids. Day 1
 * follows the shop's last day. About sessionsPerUser / days of the users come, each once; the effect is multiplied
 * into their chance to buy. Throws UsageError for options out of range.
 */
export function generateEventsDay(options: ShopOptions, day: number): GeneratedFiles {
    const shop = shopOf(options);
    integer('day', day, 1, 3660);
    const calendar = calendarFrom(shop.startDate);
    const date = calendar.day(shop.days + day - 1);
    const events = eventsFile(`events_${date}.csv`, EVENT_COLUMNS, shop, () => eventRows(shop, day, calendar));
    const sessions = csvFile(`sessions_${date}.csv`, SESSION_COLUMNS, () => dayRows(shop, day, calendar));
    return { files: [sessions, events.file], manifest: events.manifest };
}

/** Who comes on the day, and when. Leaves `random` in the visitor's stream, for what they do. */
function* visitors(shop: Shop, day: number, random: Random): Generator<{ person: Person; visit: Visit }> {
    for (const person of people(shop, random)) {
        random.restart(shop.seed, STREAM.day + day, person.id);
        if (!random.chance(shop.sessionsPerUser / shop.days)) continue;
        yield { person, visit: visitOn(shop.days + day - 1, random) };
    }
}

function* dayRows(shop: Shop, day: number, calendar: Calendar): Generator<string> {
    let id = day * ID_BLOCK;
    for (const { person, visit } of visitors(shop, day, new Random())) yield sessionRow(id++, person, visit, calendar);
}

function* eventRows(shop: Shop, day: number, calendar: Calendar): Generator<string> {
    const random = new Random();
    const catalog = productsOf(shop);
    let sessionId = day * ID_BLOCK;
    let eventId = day * ID_BLOCK;
    for (const { person, visit } of visitors(shop, day, random)) {
        const [purchase] = purchasesIn(shop, person, [visit], random);
        const session = { id: sessionId++, userId: person.id, visit, purchase: purchase === true };
        const rows = sessionRows(session, eventId, catalog, calendar, random);
        eventId += rows.length;
        yield* rows;
    }
}
