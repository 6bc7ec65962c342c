/* ---
model: stg_order_events
purpose: Order events as their files say, one row for every landed row.
grain: one row per landed row of order_events
kind: view
--- */
select
    customer_id,
    product_id,
    event_name,
    quantity,
    occurred_at,
    cast(occurred_at as date) as occurred_on,
    _source_uri,
    _source_version,
    _source_row
from {{ ref('order_events') }}
