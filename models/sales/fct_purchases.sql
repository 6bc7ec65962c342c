/* ---
model: fct_purchases
purpose: Every purchase of the order events once, however many archives bring it.
grain: one row per purchase
key: [part_version, part_row]
kind: by_date
date: sold_on
checks:
  - not_null: [customer_id, quantity, occurred_at, sold_on]
  - reconcile: {column: quantity, other: int_landed_purchases, otherColumn: units}
--- */
with
-- Events have no id: a purchase is a row of certain bytes. The same bytes under another name are equal rows here.
purchases as (
    select distinct
        customer_id,
        product_id,
        coalesce(quantity, 1) as quantity,
        occurred_at,
        occurred_on as sold_on,
        _source_version as part_version,
        _source_row as part_row
    from {{ ref('stg_order_events') }}
    where event_name = 'purchase'
)

select * from purchases
