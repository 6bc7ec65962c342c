import { type Calendar, calendarFrom } from './calendar.ts';
import { EVENT_COLUMNS, sessionRows } from './events.ts';
import { csvFile, eventsFile, type GeneratedFiles } from './files.ts';
import { type Shop, type ShopOptions, shopOf } from './options.ts';
import { type Person, personOf, type Visit, visitsOf } from './people.ts';
import { moneyText, productsOf } from './products.ts';
import { purchasesIn } from './purchases.ts';
import { Random } from './random.ts';
import { STREAM } from './streams.ts';

/** Columns of a sessions file. */
export const SESSION_COLUMNS = 'session_id,user_id,session_start_ts,session_end_ts,device_type';

/**
 * A made-up shop as five linked CSV files: users, products, experiment_assignments, sessions, events. Everything
 * follows from the options: each user has streams of random numbers of their own, so every file is made on its own,
 * in constant memory, and tells the same story as the others. Rows are ordered by user and, within a user, by time.
 * Throws UsageError for options out of range.
 *
 * @example for (const { name, chunks } of generateShop({ users: 1000, seed: 1 }).files) await writeFile(name, chunks);
 */
export function generateShop(options: ShopOptions): GeneratedFiles {
    const shop = shopOf(options);
    const calendar = calendarFrom(shop.startDate);
    const events = eventsFile('events.csv', EVENT_COLUMNS, shop, () => eventRows(shop, calendar));
    const files = [
        csvFile('users.csv', 'user_id,signup_ts,country,device_type,is_new_user', () => userRows(shop, calendar)),
        csvFile('products.csv', 'product_id,category,base_price', () => productRows(shop)),
        csvFile('experiment_assignments.csv', 'experiment_name,user_id,variant,assignment_ts', () =>
            assignmentRows(shop, calendar),
        ),
        csvFile('sessions.csv', SESSION_COLUMNS, () => allSessionRows(shop, calendar)),
        events.file,
    ];
    return { files, manifest: events.manifest };
}

/** One row of a sessions file. */
export function sessionRow(id: number, person: Person, visit: Visit, calendar: Calendar): string {
    return `${id},${person.id},${calendar.instant(visit.start)},${calendar.instant(visit.end)},${person.device}\n`;
}

/** All users in order of their numbers. */
export function* people(shop: Shop, random: Random): Generator<Person> {
    for (let id = 1; id <= shop.users; id++) yield personOf(shop, id, random);
}

function* userRows(shop: Shop, calendar: Calendar): Generator<string> {
    for (const { id, signedUpOn, country, device, isNew } of people(shop, new Random())) {
        yield `${id},${calendar.day(signedUpOn)},${country},${device},${isNew ? 'True' : 'False'}\n`;
    }
}

function* productRows(shop: Shop): Generator<string> {
    for (const [index, { category, cents }] of productsOf(shop).entries()) {
        yield `${index + 1},${category},${moneyText(cents)}\n`;
    }
}

function* assignmentRows(shop: Shop, calendar: Calendar): Generator<string> {
    for (const { id, treated, assignedOn } of people(shop, new Random())) {
        yield `${shop.experiment},${id},${treated ? 'treatment' : 'control'},${calendar.day(assignedOn)}\n`;
    }
}

function* allSessionRows(shop: Shop, calendar: Calendar): Generator<string> {
    const random = new Random();
    let id = 1;
    for (const person of people(shop, random)) {
        for (const visit of visitsOf(shop, person, random)) yield sessionRow(id++, person, visit, calendar);
    }
}

function* eventRows(shop: Shop, calendar: Calendar): Generator<string> {
    const random = new Random();
    const catalog = productsOf(shop);
    let sessionId = 1;
    let eventId = 1;
    for (const person of people(shop, random)) {
        const visits = visitsOf(shop, person, random);
        random.restart(shop.seed, STREAM.purchases, person.id);
        const purchases = purchasesIn(shop, person, visits, random);
        for (const [index, visit] of visits.entries()) {
            const session = { id: sessionId++, userId: person.id, visit, purchase: purchases[index]! };
            const rows = sessionRows(session, eventId, catalog, calendar, random);
            eventId += rows.length;
            yield* rows;
        }
    }
}
