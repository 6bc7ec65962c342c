/* ---
model: stg_events
purpose: Events as their files say, one row for every landed row.
grain: one row per landed row of events
kind: view
--- */
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
    cast(occurred_at as date) as occurred_on,
    _source_uri,
    _source_version,
    _source_row
from {{ ref('events') }}
