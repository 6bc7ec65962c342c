/* ---
model: dim_product_versions
purpose: What each product was called, counted to and cost, and from when to when.
grain: one row per product and change of it
key: [product_id, version]
kind: table
checks:
  - not_null: [product_id, version, is_current]
--- */
with
landed as (
    select
        product_id,
        product_name,
        category,
        base_price,
        _landed_at as landed_at,
        row_number() over (
            partition by product_id, _landed_at
            order by _source_uri desc, _source_row desc, _source_version desc
        ) as recency
    from {{ ref('stg_products') }}
),

compared as (
    select
        product_id,
        product_name,
        category,
        base_price,
        landed_at,
        row_number() over (partition by product_id order by landed_at) as landing,
        lag(product_name) over (partition by product_id order by landed_at) as name_before,
        lag(category) over (partition by product_id order by landed_at) as category_before,
        lag(base_price) over (partition by product_id order by landed_at) as price_before
    from landed
    where recency = 1
),

changes as (
    select
        product_id,
        product_name,
        category,
        base_price,
        landed_at,
        row_number() over (partition by product_id order by landed_at) as version
    from compared
    where landing = 1
        or product_name is distinct from name_before
        or category is distinct from category_before
        or base_price is distinct from price_before
),

-- Sales are older than the first time anybody told us of a product: its first version holds for all of them.
final as (
    select
        product_id,
        version,
        product_name,
        category,
        base_price,
        case when version > 1 then landed_at end as valid_from,
        lead(landed_at) over (partition by product_id order by version) as valid_to,
        lead(landed_at) over (partition by product_id order by version) is null as is_current
    from changes
)

select * from final
