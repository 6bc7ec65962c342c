/* ---
model: stg_products
purpose: Products as their files say, one row for every landed row.
grain: one row per landed row of products
kind: view
--- */
select
    product_id,
    product_name,
    category,
    base_price,
    _landed_at,
    _source_uri,
    _source_version,
    _source_row
from {{ ref('products') }}
