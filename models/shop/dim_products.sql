/* ---
model: dim_products
purpose: Every product as last described.
grain: one row per product
key: [product_id]
kind: table
checks:
  - not_null: [product_id]
--- */
with
products as (
    select
        product_id,
        product_name,
        category,
        base_price,
        _source_uri,
        _source_version,
        _source_row,
        row_number() over (
            partition by product_id
            order by _landed_at desc, _source_uri desc, _source_row desc, _source_version desc
        ) as recency
    from {{ ref('stg_products') }}
),

final as (
    select
        product_id,
        product_name,
        category,
        base_price,
        _source_uri,
        _source_version,
        _source_row
    from products
    where recency = 1
)

select * from final
