import type { Calendar } from './calendar.ts';
import type { Visit } from './people.ts';
import { moneyText, type Product } from './products.ts';
import type { Random } from './random.ts';

export const EVENT_COLUMNS =
    'event_id,event_ts,user_id,session_id,product_id,event_type,price_paid,quantity,discount_amount,properties';

/** Where and whose the events of one session are. */
export interface Session {
    readonly id: number;
    readonly userId: number;
    readonly visit: Visit;
    readonly purchase: boolean;
}

/**
 * The rows of one session's events: a walk down session_start, view_home, search, view_product, add_to_cart,
 * begin_checkout, purchase, logout. A step may be left out, a session may end after any; one that ends in a purchase
 * goes all the way. Eight steps at most 29 seconds apart end within the shortest session, which is 4 minutes.
 */
export function sessionRows(
    session: Session,
    firstEventId: number,
    catalog: readonly Product[],
    calendar: Calendar,
    random: Random,
): string[] {
    const { purchase } = session;
    const rows: string[] = [];
    let second = session.visit.start;
    const add = (event: string, product: number | '', rest: string) => {
        const id = firstEventId + rows.length;
        rows.push(`${id},${calendar.instant(second)},${session.userId},${session.id},${product},${event},${rest}\n`);
        second += 5 + random.below(25);
    };
    add('session_start', '', ',,,');
    if (random.chance(0.48)) add('view_home', '', ',,,');
    if (random.chance(0.36)) add('search', '', `,,,"{""query_len"": ${3 + random.below(12)}}"`);
    if (purchase || random.chance(0.685)) {
        // Squared: low numbers are the popular products.
        const product = 1 + Math.floor(random.unit() ** 2 * catalog.length);
        add('view_product', product, ',,,');
        if (purchase || random.chance(0.084)) {
            add('add_to_cart', product, ',,,');
            if (purchase || random.chance(0.31)) add('begin_checkout', product, ',,,');
            if (purchase) add('purchase', product, purchaseFields(catalog[product - 1]!, random));
        }
    }
    if (random.chance(0.2)) add('logout', '', ',,,');
    return rows;
}

function purchaseFields(product: Product, random: Random): string {
    const quantity = pick(random.unit(), 0.5, 1, 0.8, 2, 3);
    const discount = pick(random.unit(), 0.8, 0, 0.92, 500, 1000);
    const gross = product.cents * quantity;
    const off = discount < gross ? discount : 0;
    return `${moneyText(gross - off)},${quantity}.0,${moneyText(off)},`;
}

function pick(unit: number, first: number, a: number, second: number, b: number, c: number): number {
    if (unit < first) return a;
    return unit < second ? b : c;
}
