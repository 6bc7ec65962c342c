/* ---
model: dim_customers
purpose: Every customer as last seen, deleted ones included.
grain: one row per customer
key: [customer_id]
kind: table
--- */
select
    customer_id,
    segment,
    joined_on,
    is_deleted,
    version as count_versions
from {{ ref('dim_customer_versions') }}
where is_current
