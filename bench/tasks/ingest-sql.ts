/** Columns of the events file, in its order. */
const COLUMNS = [
    'event_id',
    'event_ts',
    'user_id',
    'session_id',
    'product_id',
    'event_type',
    'price_paid',
    'quantity',
    'discount_amount',
    'properties',
] as const;

const NAMES = [
    ['home_view', 'view_home'],
    ['view_search_results', 'search'],
    ['product_view', 'view_product'],
    ['product_viewed', 'view_product'],
    ['view_item', 'view_product'],
    ['pdp', 'pdp_view'],
    ['addtocart', 'add_to_cart'],
    ['cart_add', 'add_to_cart'],
    ['product_added', 'add_to_cart'],
    ['checkout_start', 'begin_checkout'],
    ['checkout_begin', 'begin_checkout'],
    ['checkout_started', 'begin_checkout'],
    ['initiate_checkout', 'begin_checkout'],
    ['order_completed', 'purchase'],
    ...['session_start', 'view_home', 'search', 'view_product', 'pdp_view', 'add_to_cart'].map((name) => [name, name]),
    ...['begin_checkout', 'purchase', 'logout'].map((name) => [name, name]),
];

const WHOLE = '[+-]?[0-9]+(\\.0*)?';
const MONEY = '[+-]?[0-9]+(\\.[0-9]{0,2})?';
const INSTANT = '[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}';

/** Tests of one column: when a filled field is good. What is required stands apart. */
const whole = (name: string) => `try_cast(${name} as bigint) is not null and regexp_full_match(${name}, '${WHOLE}')`;
const money = (name: string) => `try_cast(${name} as decimal(18, 2)) >= 0 and regexp_full_match(${name}, '${MONEY}')`;

const GOOD: Readonly<Record<(typeof COLUMNS)[number], string>> = {
    event_id: `event_id is not null and ${whole('event_id')}`,
    event_ts: `event_ts is not null and try_cast(event_ts as timestamp) is not null and regexp_full_match(event_ts, '${INSTANT}')`,
    user_id: `user_id is null or ${whole('user_id')}`,
    session_id: `session_id is null or ${whole('session_id')}`,
    product_id: 'product_id is null or not contains(product_id, chr(0))',
    event_type: 'event_type is not null and not contains(event_type, chr(0))',
    price_paid: `price_paid is null or (${money('price_paid')})`,
    quantity: `quantity is null or (${whole('quantity')} and try_cast(quantity as bigint) >= 1)`,
    discount_amount: `discount_amount is null or (${money('discount_amount')})`,
    properties: 'properties is null or not contains(properties, chr(0))',
};

const ALL_GOOD = COLUMNS.map((name) => `(${GOOD[name]})`).join(' and ');

const LINEAGE = `
    'landing/events/events.csv' as _source_uri, 'v1' as _source_version, cast(record as bigint) as _source_row,
    timestamp '2025-01-01' as _landed_at, timestamp '2025-01-01' as _ingested_at, 'run-1' as _run_id,
    '1.0.0' as _contract_version`;

/** Reads the file as text, keeping what cannot be cut into fields; a row's place in the table is its number. */
export function readSql(file: string): string {
    const columns = COLUMNS.map((name) => `${name}: 'varchar'`).join(', ');
    return `create temp table raw as select * from read_csv('${file}', header = true, auto_detect = false, delim = ',',
        quote = '"', escape = '"', columns = {${columns}}, store_rejects = true, rejects_limit = 0)`;
}

export const COUNT_READ = 'select (select count(*) from raw) + (select count(distinct line) from reject_errors)';
export const COUNT_BROKEN = 'select count(distinct line) from reject_errors';

/** After `before` good records, `shift` broken ones have gone by. */
export const SHIFTS = `create temp table shifts as
    select line - 1 - row_number() over (order by line) as before, row_number() over (order by line) as shift
    from (select distinct line from reject_errors)`;

/** The rows with the number of their record in the file. */
export function numbered(broken: number): string {
    if (broken === 0) return '(select rowid + 1 as record, * from raw)';
    return `(select n + coalesce(shift, 0) as record, * from (select rowid + 1 as n, * from raw)
        asof left join shifts on n > before)`;
}

/** Types the good rows and writes them. */
export function acceptedSql(relation: string, path: string): string {
    const names = NAMES.map(([found, meant]) => `when '${found}' then '${meant}'`).join(' ');
    return `copy (
        select
            try_cast(event_id as bigint) as event_id,
            try_cast(event_ts as timestamp) as occurred_at,
            try_cast(user_id as bigint) as user_id,
            try_cast(session_id as bigint) as session_id,
            product_id,
            case lower(event_type) ${names} else event_type end as event_name,
            try_cast(price_paid as decimal(18, 2)) as price_paid,
            try_cast(quantity as bigint) as quantity,
            try_cast(discount_amount as decimal(18, 2)) as discount_amount,
            properties,
            cast(null as varchar) as _extra,
            ${LINEAGE}
        from ${relation} as numbered
        where ${ALL_GOOD}
    ) to '${path}' (format parquet)`;
}

/** Writes the bad rows, each with the columns that are bad and its text. */
export function rejectedSql(relation: string, path: string): string {
    const reasons = COLUMNS.map((name) => `case when (${GOOD[name]}) then null else '${name}' end`);
    const fields = COLUMNS.map((name) => `'${name}', ${name}`).join(', ');
    return `copy (
        select ${LINEAGE}, list_filter([${reasons.join(', ')}], lambda reason: reason is not null) as reasons,
            cast(json_object(${fields}) as varchar) as raw
        from ${relation} as numbered
        where not (${ALL_GOOD})
        union all
        select ${LINEAGE}, ['row: ' || reason] as reasons, raw
        from (select line - 1 as record, min(cast(error_type as varchar)) as reason, any_value(csv_line) as raw
            from reject_errors group by line)
        order by _source_row
    ) to '${path}' (format parquet)`;
}

/** Accepted rows by date, and the newest instant. */
export function datesSql(path: string): string {
    return `select cast(occurred_at as date) as day, count(*) as rows, max(occurred_at) as newest
        from read_parquet('${path}') group by day order by day`;
}
