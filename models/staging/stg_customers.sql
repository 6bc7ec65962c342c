/* ---
model: stg_customers
purpose: Customers as each snapshot has them, one row for every landed row.
grain: one row per landed row of customers
kind: view
--- */
select
    customer_id,
    segment,
    joined_on,
    _landed_at,
    _source_uri,
    _source_version,
    _source_row
from {{ ref('customers') }}
