/* ---
model: int_landed_purchases
purpose: Units of each purchase that landed, found the other way round from fct_purchases, to compare the two.
grain: one row per purchase
kind: view
--- */
select
    _source_version as part_version,
    _source_row as part_row,
    max(coalesce(quantity, 1)) as units
from {{ ref('stg_order_events') }}
where event_name = 'purchase'
group by _source_version, _source_row
