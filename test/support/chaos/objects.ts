/** A landed file of the chaos tests. */
export interface TestObject {
    readonly key: string;
    readonly landedAt: string;
    readonly content: string;
}

const object = (key: string, minute: number, ...lines: string[]): TestObject => ({
    key: `landing/${key}`,
    landedAt: `2026-03-01T00:${String(minute).padStart(2, '0')}:00.000Z`,
    content: `${lines.join('\n')}\n`,
});

const EVENTS = 'id,day,product,amount';

/** Several datasets; rows repeat within and between files, some are bad, and two files cannot be read. */
export const OBJECTS: Readonly<Record<string, TestObject>> = {
    'events-1': object(
        'events/events-1.csv',
        1,
        EVENTS,
        '1,2026-01-30,1,10',
        '2,2026-01-31,2,20',
        '3,2026-02-01,1,30',
        '3,2026-02-01,1,30',
    ),
    'events-2': object(
        'events/events-2.csv',
        2,
        EVENTS,
        '3,2026-02-01,1,30',
        '4,2026-02-01,3,40',
        '5,2026-02-02,1,many',
        '6,2026-02-02,2,60',
    ),
    'events-3': object('events/events-3.csv', 3, EVENTS, '7,2026-01-31,3,70', '8,2026-02-03,1,80', ',2026-02-03,1,1'),
    'events-all-bad': object('events/events-bad.csv', 4, EVENTS, '9,2026-02-01,1,none', '10,2026-02-01,1,none'),
    'events-no-key': object('events/events-x.csv', 5, 'day,product', '2026-01-30,1', '2026-01-31,2'),
    'products-1': object('products/products-1.csv', 6, 'product,name', '1,cup', '2,mug', '3,jar'),
    'products-2': object('products/products-2.csv', 7, 'product,name', '1,cup', '2,beaker'),
    'payments-1': object('payments/payments-1.csv', 8, 'payment,account,amount', '1,1,500', '2,2,-200'),
    'payments-2': object('payments/payments-2.csv', 9, 'payment,account,amount', '3,1,-500', '4,2,200'),
    notes: object('misc/notes.txt', 10, 'nothing', 'of ours'),
};

/** The lake's tables: rows of events by date, totals with a look back, a join, and a sum that must be zero. */
export const MODELS = [
    model('fct_events', 'kind: by_date\ndate: day\nkey: [id]', "rows of {{ ref('events') }}"),
    model(
        'daily',
        'kind: by_date\ndate: day\nlookback: 1\nkey: [day]\npublish: daily',
        "by day, with the day before, of {{ ref('fct_events') }}",
    ),
    model(
        'by_product',
        'kind: table\nkey: [product]\npublish: by_product',
        "by product of {{ ref('fct_events') }} named by {{ ref('products') }}",
    ),
    model('balance', 'kind: table\nkey: [account]\npublish: balance', "by account of {{ ref('payments') }}"),
    { name: 'models/balance.checks.sql', text: "-- check: balances\nunbalanced in {{ ref('this') }}\n" },
];

function model(name: string, header: string, text: string) {
    const lines = [
        '/* ---',
        `model: ${name}`,
        'purpose: A model of a test.',
        'grain: one row per key',
        header,
        '--- */',
    ];
    return { name: `models/${name}.sql`, text: `${lines.join('\n')}\n${text}\n` };
}
