/* ---
model: fct_events
purpose: Every event of the shop once, with the revenue it brought.
grain: one row per event
key: [event_id]
kind: by_date
date: occurred_on
checks:
  - not_null: [event_id, event_name, occurred_at, occurred_on]
  - relationship: {column: user_id, to: dim_users, toColumn: user_id, severity: warn}
  - relationship: {column: product_id, to: dim_products, toColumn: product_id, severity: warn}
--- */
with
events as (
    select
        event_id,
        user_id,
        session_id,
        product_id,
        event_name,
        price_paid,
        quantity,
        discount_amount,
        properties,
        occurred_at,
        occurred_on,
        _source_uri,
        _source_version,
        _source_row
    from {{ ref('stg_events') }}
),

-- One row, also when the contract does not say: then a price is what the line cost.
price_reading as (
    select coalesce(max(value), 'line_paid') as reading
    from {{ ref('contract_parameters') }}
    where dataset = 'events' and name = 'price_reading'
),

-- Repeated events are few: numbering only their rows costs a third of numbering all.
repeated as (
    select event_id
    from events
    group by event_id
    having count(*) > 1
),

copies as (
    select
        event_id,
        _source_uri,
        _source_version,
        _source_row,
        row_number() over (
            partition by event_id
            order by _source_uri, _source_row, _source_version
        ) as copy
    from events
    where event_id in (select event_id from repeated)
),

final as (
    select
        events.event_id,
        events.user_id,
        events.session_id,
        events.product_id,
        events.event_name,
        events.event_name = 'purchase' as is_purchase,
        events.quantity,
        events.price_paid,
        events.discount_amount,
        case
            when events.event_name <> 'purchase' then null
            when price_reading.reading = 'unit_list' then cast(
                events.price_paid * coalesce(events.quantity, 1) - coalesce(events.discount_amount, 0)
                as decimal(18, 2)
            )
            else events.price_paid
        end as net_revenue,
        events.properties,
        events.occurred_at,
        events.occurred_on,
        events._source_uri,
        events._source_version,
        events._source_row
    from events
    cross join price_reading -- one row
    left join copies
        on events.event_id = copies.event_id
        and events._source_row = copies._source_row
        and events._source_uri = copies._source_uri
        and events._source_version = copies._source_version
    where copies.copy is null or copies.copy = 1
)

select * from final
