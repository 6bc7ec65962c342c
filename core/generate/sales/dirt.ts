import type { OrderEvent } from './events.ts';

/** Bad rows, by what is bad about them, and what an ingest has to do with each. */
export const ROW_DIRT = {
    missing_customer: 'rejected',
    quantity_zero: 'rejected',
    quantity_negative: 'rejected',
    quantity_fraction: 'rejected',
    quantity_text: 'rejected',
    unknown_event: 'rejected',
    impossible_time: 'rejected',
    no_object: 'rejected',
    /** A good row whose quantity is written as a text, `"2"`: it means the same. */
    quantity_in_quotes: 'accepted',
    /** A good row whose time names a zone: it is the same instant. */
    zoned_time: 'accepted',
} as const;

export type RowDirt = keyof typeof ROW_DIRT;
export const ROW_DIRT_KINDS = Object.keys(ROW_DIRT) as RowDirt[];

/** Bad parts, planted between good ones; an ingest rejects each of them and keeps the others. */
export const PART_DIRT = {
    not_json: '<html><body>502 Bad Gateway</body></html>\n',
    cut_off: '[\n  {\n    "timestamp": "2023-01-02T00:00:00",\n    "customer_id": "c1',
    empty: '',
    other_columns: '[\n  {\n    "visitor": "v1",\n    "url": "/"\n  }\n]',
} as const;

export type PartDirt = keyof typeof PART_DIRT;
export const PART_DIRT_KINDS = Object.keys(PART_DIRT) as PartDirt[];

/** What stands there for a good event: the event in other words, or a bad row before it. */
export function dirtyRows(kind: RowDirt, event: OrderEvent): unknown[] {
    switch (kind) {
        case 'missing_customer': {
            const { customer_id: _, ...rest } = event;
            return [rest, event];
        }
        case 'quantity_zero':
            return [{ ...event, quantity: 0 }, event];
        case 'quantity_negative':
            return [{ ...event, quantity: -1 }, event];
        case 'quantity_fraction':
            return [{ ...event, quantity: 1.5 }, event];
        case 'quantity_text':
            return [{ ...event, quantity: 'two' }, event];
        case 'unknown_event':
            return [{ ...event, event_type: 'teleported' }, event];
        case 'impossible_time':
            return [{ ...event, timestamp: `2023-02-30${event.timestamp.slice(10)}` }, event];
        case 'no_object':
            return [null, event];
        case 'quantity_in_quotes':
            return [event.quantity === undefined ? event : { ...event, quantity: String(event.quantity) }];
        case 'zoned_time':
            return [{ ...event, timestamp: inAnotherZone(event.timestamp) }];
    }
}

/** The same instant as a clock two hours east shows it. */
function inAnotherZone(timestamp: string): string {
    const there = new Date(Date.parse(`${timestamp}Z`) + 2 * 3_600_000).toISOString().slice(0, 19);
    return `${there}+02:00`;
}
