import { SECONDS_A_DAY } from '../calendar.ts';
import type { Random } from '../random.ts';

/** One event as a part file has it. */
export interface OrderEvent {
    readonly timestamp: string;
    readonly customer_id: string;
    readonly event_type: string;
    readonly product_id: string;
    /** Only of purchases. */
    readonly quantity?: number;
}

/** Where the events of a part lie. */
export interface PartPlace {
    readonly date: string;
    /** From 0; parts of a day follow each other in time. */
    readonly part: number;
    readonly partsPerDay: number;
    readonly events: number;
}

/** Names of customers and products by their number, made once: making them for every event is most of its cost. */
export interface Names {
    readonly customers: readonly string[];
    readonly products: readonly string[];
}

const VIEWS = 0.7;
const CARTS = 0.95;

/** The events of one part in the order of their times. `random` has to stand at the part's own stream. */
export function* orderEvents(place: PartPlace, names: Names, random: Random): Generator<OrderEvent> {
    const { date, part, partsPerDay, events } = place;
    const step = SECONDS_A_DAY / (partsPerDay * events);
    for (let index = 0; index < events; index++) {
        const second = Math.floor((part * events + index + random.unit()) * step);
        const chance = random.unit();
        const event_type = chance < VIEWS ? 'view_product' : chance < CARTS ? 'add_to_cart' : 'purchase';
        const event = {
            timestamp: `${date}T${clock(second)}`,
            customer_id: names.customers[random.below(names.customers.length)] as string,
            event_type,
            // Squared: low numbers are the popular products.
            product_id: names.products[Math.floor(random.unit() ** 2 * names.products.length)] as string,
        };
        yield event_type === 'purchase' ? { ...event, quantity: 1 + random.below(5) } : event;
    }
}

const TWO_DIGITS = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'));

function clock(second: number): string {
    const minutes = Math.floor(second / 60);
    return `${TWO_DIGITS[Math.floor(minutes / 60)]}:${TWO_DIGITS[minutes % 60]}:${TWO_DIGITS[second % 60]}`;
}

/** An event as a person prints JSON, two blanks a level; as the n-th of an array. */
export function eventText(event: OrderEvent): string {
    const quantity = event.quantity === undefined ? '' : `,\n    "quantity": ${event.quantity}`;
    return (
        `  {\n    "timestamp": "${event.timestamp}",\n    "customer_id": "${event.customer_id}",\n` +
        `    "event_type": "${event.event_type}",\n    "product_id": "${event.product_id}"${quantity}\n  }`
    );
}
